package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.Stops;
import ai.preceptor.lm.generate.TestSampling;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.WeightType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
    /** Every 64th token ends a completion, so that rows leave at all times and others take their place. */
    private static final int[] STOPS = {5, 69, 133, 197, 261, 325, 389, 453};

    private static Torch torch;
    private static LanguageModel model;
    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() {
        torch = Torch.open("cpu", 1);
        model = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.FROZEN);
        tokenizer = Tokenizer.load(Golden.dir("tiny-chat"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
        model.close();
        torch.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16})
    void generate_whateverTheRows_givesTheSameSamples(int rows) {
        List<int[]> prompts = prompts(9, 40);
        List<List<Completion>> together = generator(64).generate(prompts, 4, stopping(60));
        List<List<Completion>> out = generator(rows).generate(prompts, 4, stopping(60));
        for (int i = 0; i < prompts.size(); i++) {
            for (int s = 0; s < 4; s++) {
                Completion a = together.get(i).get(s);
                Completion b = out.get(i).get(s);
                assertThat(b.tokenIds()).as("prompt %d, sample %d", i, s).isEqualTo(a.tokenIds());
                assertThat(b.logprobs()).usingComparatorWithPrecision(1e-4f).containsExactly(a.logprobs());
                assertThat(b.finishReason()).isEqualTo(a.finishReason());
            }
        }
        assertThat(together.stream()
                        .flatMap(List::stream)
                        .map(Completion::length)
                        .distinct())
                .as("lengths, so that rows left and entered at different steps")
                .hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT32", "BFLOAT16"})
    void logprobs_equalThoseOfThePackedForwardPass(Precision precision) {
        try (LanguageModel own =
                LanguageModel.load(torch, Golden.dir("models/llama"), new LoadOptions(precision, false))) {
            List<int[]> prompts = prompts(5, 50);
            SamplingOptions options = TestSampling.of(30, 1.5, 0.9, 40, 0.01, 4);
            List<List<Completion>> out = new Generator(own, ids -> "", STOPS, GenerationLimits.DEFAULT.withMaxRows(4))
                    .generate(prompts, 3, options);
            PackedBatch.Builder batch = PackedBatch.builder();
            List<Float> sampled = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                batch.prompt(prompts.get(i));
                for (Completion completion : out.get(i)) {
                    batch.completion(completion.tokenIds());
                    for (float logprob : completion.logprobs()) {
                        sampled.add(logprob);
                    }
                }
            }
            float[] scored = own.logprobs(batch.build());
            assertThat(scored).hasSameSizeAs(sampled);
            double squares = 0;
            for (int i = 0; i < scored.length; i++) {
                double difference = scored[i] - sampled.get(i);
                squares += difference * difference;
                if (precision == Precision.FLOAT32) {
                    assertThat(difference).as("token %d", i).isCloseTo(0, within(1e-4));
                }
            }
            // This model's logits are as large as 40, and bfloat16 has eight bits.
            assertThat(Math.sqrt(squares / scored.length)).isLessThan(0.3);
        }
    }

    @Test
    void generate_sameSeed_repeats_otherSeed_differs() {
        List<int[]> prompts = prompts(2, 12);
        List<List<Completion>> once = generator(8).generate(prompts, 2, stopping(20));
        assertThat(generator(8).generate(prompts, 2, stopping(20))).isEqualTo(once);
        assertThat(generator(8).generate(prompts, 2, stopping(20).withSeed(8))).isNotEqualTo(once);
        assertThat(once.get(0).get(0).tokenIds())
                .isNotEqualTo(once.get(0).get(1).tokenIds());
    }

    @Test
    void generate_requests_doNotDependOnTheirOrder() {
        List<int[]> prompts = prompts(4, 20);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            SamplingOptions own = i == 2 ? SamplingOptions.greedy(25) : stopping(10 + 5 * i);
            requests.add(new GenerationRequest(prompts.get(i), 1 + i, own.withSeed(100 + i)));
        }
        List<List<Completion>> out = generator(4).generate(requests);
        for (int i = 0; i < requests.size(); i++) {
            List<Completion> alone =
                    generator(4).generate(List.of(requests.get(i))).get(0);
            assertThat(out.get(i)).hasSize(1 + i);
            for (int s = 0; s < alone.size(); s++) {
                assertThat(out.get(i).get(s).tokenIds()).isEqualTo(alone.get(s).tokenIds());
            }
        }
    }

    @Test
    void generate_stopToken_endsTheCompletionAndIsItsLast() {
        List<int[]> prompt = prompts(1, 10);
        int[] free = generator(1)
                .generate(prompt, 1, SamplingOptions.greedy(12))
                .get(0)
                .get(0)
                .tokenIds();
        SamplingOptions stopped = TestSampling.of(12, 0, 1, 0, 0, 0, free[4]);
        Completion out = generator(1).generate(prompt, 1, stopped).get(0).get(0);
        assertThat(out.finishReason()).isEqualTo(FinishReason.STOP);
        int first = 0;
        while (free[first] != free[4]) {
            first++;
        }
        assertThat(out.tokenIds()).isEqualTo(Arrays.copyOf(free, first + 1));
    }

    @Test
    void generate_endOfSequence_isATokenButNoText() {
        int end = tokenizer.eosId();
        int[] ids = tokenizer.encode("to be", false);
        List<Completion> out = new Generator(model, tokenizer)
                .generate(List.of(ids), 400, SamplingOptions.unfiltered(40, 3))
                .get(0);
        List<Completion> stopped =
                out.stream().filter(c -> c.finishReason() == FinishReason.STOP).toList();
        assertThat(stopped).as("samples that ended by themselves").isNotEmpty();
        assertThat(stopped).allSatisfy(c -> {
            assertThat(c.tokenIds()[c.length() - 1]).isEqualTo(end);
            assertThat(c.text()).doesNotContain(tokenizer.eosToken().orElseThrow());
        });
    }

    @Test
    void generate_contextUsedUp_endsWithLength() {
        int context = model.config().maxPositionEmbeddings();
        int[] prompt = prompts(1, context - 3).get(0);
        int[] nearlyFull = new int[context - 3];
        Arrays.setAll(nearlyFull, i -> prompt[i % prompt.length]);
        Completion out = new Generator(model, ids -> "", new int[0], GenerationLimits.DEFAULT)
                .generate(List.of(nearlyFull), 1, SamplingOptions.greedy(100))
                .get(0)
                .get(0);
        assertThat(out.length()).isEqualTo(3);
        assertThat(out.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void generate_leavesNoTensorBehind() {
        long before = torch.liveTensors();
        generator(3).generate(prompts(5, 30), 3, stopping(20));
        assertThat(torch.liveTensors()).isEqualTo(before);
        assertThatThrownBy(() -> new Generator(
                                model,
                                ids -> {
                                    throw new IllegalStateException("no text");
                                },
                                STOPS,
                                GenerationLimits.DEFAULT)
                        .generate(prompts(2, 10), 1, stopping(5)))
                .hasMessage("no text");
        assertThat(torch.liveTensors()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void generate_cancelledOrInterrupted_endsAfterTheStepAndLeavesNothingBehind(boolean interrupted) {
        long before = torch.liveTensors();
        List<Generator> mine = new ArrayList<>();
        List<int[]> decoded = new ArrayList<>();
        Generator generator = new Generator(
                model,
                ids -> {
                    decoded.add(ids);
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    } else {
                        mine.get(0).cancel();
                    }
                    return "";
                },
                new int[0],
                GenerationLimits.DEFAULT);
        mine.add(generator);
        generator.cancel(); // while no call runs
        SamplingOptions read = stopping(300).with(new Stops(Set.of(), List.of("never")));
        assertThatThrownBy(() -> generator.generate(prompts(2, 10), 1, read))
                .isInstanceOf(CancellationException.class)
                .hasMessage("generation of 2 requests was cancelled");
        assertThat(Thread.interrupted()).isEqualTo(interrupted);
        assertThat(decoded).as("texts of the first step or two").hasSizeLessThan(12);
        assertThat(torch.liveTensors()).isEqualTo(before);
        assertThat(generator.generate(prompts(2, 10), 1, SamplingOptions.greedy(1)))
                .hasSize(2);
    }

    /** As of a tokenizer with more tokens than the model. */
    @ParameterizedTest
    @NullSource
    @EnumSource(value = WeightType.class, names = "FLOAT32")
    void generate_endWithoutALogit_changesNoOtherAnswer(@Nullable WeightType type) {
        int[] prompt = {1, 77, 300};
        GenerationLimits limits = GenerationLimits.DEFAULT.with(new DecodeSettings(type));
        Generator plain = new Generator(model, ids -> "", new int[] {5}, limits);
        int[] free = plain.generate(List.of(prompt), 1, SamplingOptions.greedy(4))
                .get(0)
                .get(0)
                .tokenIds();
        // In the flat matrix of two rows of 512 logits: the second row's first choice, and a place behind the last row.
        int[] ends = {5, 512 + free[0], 1024 + free[0]};
        SamplingOptions longer = TestSampling.withMinNewTokens(SamplingOptions.greedy(4), 4);
        List<GenerationRequest> requests = List.of(
                new GenerationRequest(prompt, 1, longer), new GenerationRequest(prompt, 1, SamplingOptions.greedy(4)));
        List<List<Completion>> answers = new Generator(model, ids -> "", ends, limits).generate(requests);
        assertThat(answers).isEqualTo(plain.generate(requests));
        assertThat(answers.get(1).get(0).tokenIds()).isEqualTo(free);
    }

    @Test
    void generate_badInput_isRefusedByName() {
        SamplingOptions greedy = SamplingOptions.greedy(4);
        List<int[]> empty = List.of(new int[] {1}, new int[0]);
        assertThatThrownBy(() -> generator(1).generate(empty, 1, greedy))
                .hasMessage("prompt 1: received 0 tokens, must be 1 to 511, one less than the model's context");
        assertThatThrownBy(() -> generator(1).generate(List.of(new int[] {1, 512}), 1, greedy))
                .hasMessage("prompt 0, token 1: received id 512, must be 0 to 511");
        assertThatThrownBy(() -> generator(1).generate(List.of(new int[] {1}), 0, greedy))
                .hasMessage("samples: received 0, must be at least 1");
        SamplingOptions beyond = TestSampling.of(4, 0, 1, 0, 0, 0, 600);
        assertThatThrownBy(() -> generator(1).generate(List.of(new int[] {1}), 1, beyond))
                .hasMessage("stop_ids: received 600, must be token ids below 512");
        assertThat(generator(1).generate(List.of(), 1, greedy)).isEmpty();
    }

    private static Generator generator(int rows) {
        return new Generator(
                model, ids -> tokenizer.decode(ids, true), STOPS, GenerationLimits.DEFAULT.withMaxRows(rows));
    }

    private static SamplingOptions stopping(int maxNewTokens) {
        return SamplingOptions.unfiltered(maxNewTokens, 7);
    }

    /** Prompts of 1 to {@code longest} tokens. */
    private static List<int[]> prompts(int count, int longest) {
        Random random = new Random(count);
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = 1 + (longest - 1) * i / Math.max(1, count - 1);
            prompts.add(random.ints(length, 3, 512).toArray());
        }
        return prompts;
    }
}
