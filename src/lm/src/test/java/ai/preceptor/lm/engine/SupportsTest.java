package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.TestSampling;
import ai.preceptor.lm.generate.TokenRules;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.WeightType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;

/** The ids that filters kept, as the engine tells them and as log-probabilities are normalized over them. */
@ParameterizedClass
@NullSource
@EnumSource(names = "FLOAT32")
class SupportsTest {
    @Parameter
    private WeightType type;

    private static final int TOKENS = 24;
    private static final int SAMPLES = 4;
    private static final List<int[]> PROMPTS = prompts();

    private static Torch torch;
    private static LanguageModel model;

    @BeforeAll
    static void load() {
        torch = Torch.open("cpu", 1);
        model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.FROZEN);
    }

    @AfterAll
    static void close() {
        model.close();
        torch.close();
    }

    private static List<int[]> prompts() {
        Random random = new Random(5);
        return IntStream.range(0, 4)
                .mapToObj(i -> random.ints(2 + 3 * i, 3, 256).toArray())
                .toList();
    }

    static Stream<SamplingOptions> filters() {
        return Stream.of(
                TestSampling.of(TOKENS, 0.7, 0.8, 0, 0, 1),
                TestSampling.of(TOKENS, 1, 0.8, 0, 0, 2),
                TestSampling.of(TOKENS, 1.3, 1, 20, 0, 3),
                TestSampling.of(TOKENS, 0.7, 1, 0, 0.1, 4),
                TestSampling.of(TOKENS, 0.9, 0.95, 100, 0.01, 5));
    }

    private List<List<Completion>> generate(SamplingOptions options, boolean supports) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < PROMPTS.size(); i++) {
            GenerationRequest request = new GenerationRequest(PROMPTS.get(i), SAMPLES, options.stream(i));
            requests.add(supports ? request.withSupports() : request);
        }
        return new Generator(
                        model,
                        ids -> "",
                        new int[] {5},
                        GenerationLimits.DEFAULT.withMaxRows(7).with(new DecodeSettings(type)))
                .generate(requests);
    }

    private static PackedBatch pack(List<List<Completion>> all, boolean supports) {
        PackedBatch.Builder builder = PackedBatch.builder();
        for (int i = 0; i < all.size(); i++) {
            builder.prompt(PROMPTS.get(i));
            for (Completion one : all.get(i)) {
                builder.completion(one.tokenIds(), supports ? one.support() : null);
            }
        }
        return builder.build();
    }

    private static float[] sampler(List<List<Completion>> all) {
        List<Float> numbers = new ArrayList<>();
        for (Completion one : all.stream().flatMap(List::stream).toList()) {
            for (float number : one.samplerLogprobs()) {
                numbers.add(number);
            }
        }
        float[] flat = new float[numbers.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = numbers.get(i);
        }
        return flat;
    }

    /** Over the support, the learner's distribution is the one that sampled; over the whole vocabulary it is not. */
    @ParameterizedTest
    @MethodSource("filters")
    void samplerLogprobs_areTheLearnersOverTheSupport(SamplingOptions options) {
        List<List<Completion>> all = generate(options, true);
        float[] mu = sampler(all);
        double temperature = options.settings().temperature();
        float[] own = model.logprobs(pack(all, true), temperature);
        assertThat(own).containsExactly(mu, within(1e-4f));
        assertThat(meanRatio(own, mu)).isCloseTo(1, within(1e-5));
        assertThat(meanRatio(model.logprobs(pack(all, false), temperature), mu)).isLessThan(0.97);
    }

    private static double meanRatio(float[] logprobs, float[] mu) {
        return IntStream.range(0, mu.length)
                .mapToDouble(i -> Math.exp((double) logprobs[i] - mu[i]))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("filters")
    void support_isTheReferences(SamplingOptions options) {
        List<List<Completion>> all = generate(options, true);
        PackedBatch batch = pack(all, false);
        float[] logits = model.read(batch).logits();
        int vocabulary = model.config().vocabSize();
        List<Completion> flat = all.stream().flatMap(List::stream).toList();
        for (int i = 0; i < flat.size(); i++) {
            Span span = batch.spans().get(i);
            TokenSupports support = Objects.requireNonNull(flat.get(i).support());
            for (int t = 0; t < span.length(); t++) {
                int row = span.from() + t;
                double[] p = ReferenceFilter.probabilities(
                        Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary), options);
                int[] expected =
                        IntStream.range(0, vocabulary).filter(id -> p[id] > 0).toArray();
                int[] found =
                        support.isWhole(t) ? IntStream.range(0, vocabulary).toArray() : support.ids(t);
                assertThat(found).as("completion %d, token %d", i, t).isEqualTo(expected);
            }
        }
    }

    /** Asking changes nothing that is drawn; not asking tells nothing. */
    @Test
    void generate_withAndWithoutSupports_drawsTheSame() {
        SamplingOptions options = TestSampling.of(TOKENS, 0.7, 0.8, 0, 0, 1);
        List<Completion> asked = flat(generate(options, true));
        List<Completion> not = flat(generate(options, false));
        for (int i = 0; i < asked.size(); i++) {
            assertThat(not.get(i).support()).isNull();
            assertThat(not.get(i).tokenIds()).isEqualTo(asked.get(i).tokenIds());
            assertThat(not.get(i).samplerLogprobs()).isEqualTo(asked.get(i).samplerLogprobs());
        }
    }

    /** Filters that cut nothing off: the same tokens as without, and no supports. */
    @Test
    void generate_withFiltersThatKeepAll_isUnfiltered() {
        List<Completion> plain = flat(generate(TestSampling.of(TOKENS, 0.7, 1, 0, 0, 1), true));
        int vocabulary = model.config().vocabSize();
        for (SamplingOptions options : List.of(
                TestSampling.of(TOKENS, 0.7, 1, vocabulary, 0, 1),
                TestSampling.of(TOKENS, 0.7, 1, vocabulary + 1000, 0, 1),
                TestSampling.of(TOKENS, 0.7, 1, 0, 1e-30, 1))) {
            assertThat(flat(generate(options, true))).isEqualTo(plain);
        }
        assertThat(plain).allSatisfy(one -> assertThat(one.support()).isNull());
    }

    /** Rows that are decoded together get supports of their own, each as if it were alone. */
    @Test
    void generate_requestsOfSeveralKinds_eachGetsItsOwn() {
        List<SamplingOptions> options = Stream.concat(
                        filters(), Stream.of(SamplingOptions.greedy(TOKENS), TestSampling.of(TOKENS, 1, 1, 0, 0, 9)))
                .toList();
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            GenerationRequest request = new GenerationRequest(PROMPTS.get(i % PROMPTS.size()), 2, options.get(i));
            requests.add(i % 2 == 0 ? request.withSupports() : request);
        }
        Generator generator = new Generator(model, ids -> "", new int[] {5}, GenerationLimits.DEFAULT);
        List<List<Completion>> together = generator.generate(requests);
        for (int i = 0; i < requests.size(); i++) {
            assertThat(together.get(i))
                    .as("request %d", i)
                    .isEqualTo(generator.generate(List.of(requests.get(i))).get(0));
            boolean told = together.get(i).get(0).support() != null;
            assertThat(told).as("request %d", i).isEqualTo(i % 2 == 0 && i < 5);
        }
    }

    /** Fewer tokens are left by the rules than top-k would keep: the others are not among those that were drawn from. */
    @Test
    void generate_withRulesToo_tellsWhatBothKept() {
        SamplingOptions options = TestSampling.of(3, 1, 1, 5, 0, 1).with(new TokenRules(Map.of(), Set.of(7, 8, 300)));
        for (Completion one : flat(generate(options, true))) {
            assertThat(Objects.requireNonNull(one.support()).ids(0)).containsExactly(7, 8, 300);
        }
    }

    private static List<Completion> flat(List<List<Completion>> all) {
        return all.stream().flatMap(List::stream).toList();
    }
}
