package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.preceptor.data.Completion;
import ai.preceptor.lm.ForwardOutput;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TinyFamilies;
import ai.preceptor.lm.batch.WholeSequences;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.vector.WeightType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generation with a cache of keys and values against the whole sequence computed at once, for every family. */
class FamilyGenerationTest {
    private static final int NEW_TOKENS = 24;

    /** Prompts shorter and longer than the windows; dynamic rotary scaling turns what is cached otherwise than the whole. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LLAMA_DYNAMIC")
    void generate_greedily_takesTheLikeliestTokenOfTheWholeSequence(TinyFamilies family) {
        List<int[]> prompts = List.of(ids(1, 2), ids(2, 9), ids(3, 17));
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = family.model(torch, LoadOptions.FROZEN)) {
            Generator generator = new Generator(model, ids -> "", new int[0], GenerationLimits.DEFAULT);
            List<List<Completion>> out = generator.generate(prompts, 1, SamplingOptions.greedy(NEW_TOKENS));
            for (int i = 0; i < prompts.size(); i++) {
                check(model, prompts.get(i), out.get(i).get(0), 1e-3);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TinyFamilies.class)
    void generate_inJava_givesTheIdsAndLogprobsOfTensors(TinyFamilies family) {
        List<int[]> prompts = List.of(ids(1, 2), ids(2, 9), ids(3, 17));
        try (Torch torch = Torch.open("cpu", 2);
                LanguageModel model = family.model(torch, LoadOptions.FROZEN)) {
            GenerationLimits limits = GenerationLimits.DEFAULT;
            List<List<Completion>> tensors = new Generator(model, ids -> "", new int[0], limits)
                    .generate(prompts, 2, SamplingOptions.greedy(NEW_TOKENS));
            List<List<Completion>> java = new Generator(
                            model, ids -> "", new int[0], limits.with(new DecodeSettings(WeightType.FLOAT32)))
                    .generate(prompts, 2, SamplingOptions.greedy(NEW_TOKENS));
            for (int i = 0; i < prompts.size(); i++) {
                Completion expected = tensors.get(i).get(1);
                Completion given = java.get(i).get(1);
                assertThat(given.tokenIds()).isEqualTo(expected.tokenIds());
                assertThat(given.logprobs()).usingComparatorWithPrecision(1e-4f).containsExactly(expected.logprobs());
            }
        }
    }

    /** It says 128 positions, of which 64 have the angles of short sequences. */
    @Test
    void session_ofLongrope_answersWithinTheOriginalContext() {
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = TinyFamilies.PHI3.model(torch, LoadOptions.FROZEN);
                EngineSession session =
                        EngineSession.open(model, ids -> "", new int[0], new GenerationLimits(2, 1 << 20, 40))) {
            assertThat(model.config().generationContext()).isEqualTo(64);
            assertThat(length(session, ids(1, 10), 5)).isEqualTo(5);
            assertThat(length(session, ids(2, 60), 100)).isEqualTo(4);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> length(session, ids(3, 70), 5))
                    .withMessageContaining("received 70 tokens, must be 1 to 63");
        }
    }

    private static int length(EngineSession session, int[] prompt, int maxNewTokens) {
        session.submit(new GenerationRequest(prompt, 1, SamplingOptions.greedy(maxNewTokens)));
        int tokens = 0;
        while (!session.isIdle()) {
            for (GenerationEvent event : session.step()) {
                if (event instanceof GenerationEvent.Finished finished) {
                    tokens = finished.result().completion().tokenIds().length;
                }
            }
        }
        return tokens;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LLAMA_DYNAMIC")
    void generate_inBfloat16_takesAnAlmostLikeliestToken(TinyFamilies family) {
        int[] prompt = ids(2, 9);
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = family.model(torch, new LoadOptions(Precision.BFLOAT16, false))) {
            Generator generator = new Generator(model, ids -> "", new int[0], GenerationLimits.DEFAULT);
            check(
                    model,
                    prompt,
                    generator
                            .generate(List.of(prompt), 1, SamplingOptions.greedy(NEW_TOKENS))
                            .get(0)
                            .get(0),
                    0.5);
        }
    }

    private static void check(LanguageModel model, int[] prompt, Completion completion, double tolerance) {
        int[] answer = completion.tokenIds();
        assertThat(answer).hasSize(NEW_TOKENS);
        int[] whole = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, whole, prompt.length, answer.length);
        ForwardOutput readout = model.read(WholeSequences.everyRow(whole));
        int vocabulary = model.config().vocabSize();
        for (int i = 0; i < answer.length; i++) {
            int from = (prompt.length - 1 + i) * vocabulary;
            float[] logits = Arrays.copyOfRange(readout.logits(), from, from + vocabulary);
            float largest = logits[0];
            for (float logit : logits) {
                largest = Math.max(largest, logit);
            }
            assertThat((double) logits[answer[i]]).as("token %d", i).isGreaterThan(largest - tolerance);
        }
    }

    private static int[] ids(long seed, int count) {
        return new Random(seed).ints(count, 0, 53).toArray();
    }
}
