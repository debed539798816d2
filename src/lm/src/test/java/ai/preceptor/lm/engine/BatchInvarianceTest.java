package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GeneratedSample;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.TestSampling;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tokens and log-probabilities of a request, to the last bit, whatever else is computed: batch limits, order, workers, packing
 * of prefills and room in the store.
 */
class BatchInvarianceTest {
    private static final int[] STOPS = {5, 69, 133, 197, 261, 325, 389, 453};

    @ParameterizedTest
    @CsvSource({
        "tiny-chat,FLOAT32,",
        "models/llama,FLOAT32,",
        "models/mistral-sliding,FLOAT32,",
        "models/gemma3,FLOAT32,",
        "tiny-chat,BFLOAT16,",
        "models/llama,BFLOAT16,",
        "models/mistral-sliding,BFLOAT16,",
        "models/gemma3,BFLOAT16,",
        "tiny-chat,FLOAT32,FLOAT32",
        "models/mistral-sliding,FLOAT32,FLOAT32",
        "models/gemma3,FLOAT32,FLOAT32",
        "models/llama,BFLOAT16,BFLOAT16",
        "models/gemma3,BFLOAT16,BFLOAT16",
        "models/llama,FLOAT32,INT8"
    })
    void samples_doNotDependOnCompany(String name, Precision precision, WeightType type) {
        check(Golden.dir(name), precision, type, 11, 90, 12);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32,", "BFLOAT16,", "FLOAT32,FLOAT32", "BFLOAT16,BFLOAT16", "FLOAT32,INT8"})
    @EnabledIfEnvironmentVariable(
            named = "PRECEPTOR_SMOLLM2",
            matches = ".+",
            disabledReason = "set PRECEPTOR_SMOLLM2 to a directory with SmolLM2-135M-Instruct in float32")
    void smolLm2_samples_doNotDependOnCompany(Precision precision, WeightType type) {
        check(Path.of(System.getenv("PRECEPTOR_SMOLLM2")), precision, type, 8, 60, 24);
    }

    private static void check(
            Path directory, Precision precision, WeightType type, int prompts, int longest, int tokens) {
        try (Torch torch = Torch.open("cpu", 0);
                LanguageModel model = LanguageModel.load(torch, directory, new LoadOptions(precision, false))) {
            List<GenerationRequest> requests = requests(prompts, longest, tokens);
            GenerationLimits limits = new GenerationLimits(16, 1L << 28, 512, new DecodeSettings(type));
            Map<Integer, List<GeneratedSample>> expected = run(model, requests, order(prompts), limits);
            for (int rows : new int[] {1, 3, 16, 64}) {
                List<Integer> shuffled = order(prompts);
                Collections.shuffle(shuffled, new Random(rows));
                GenerationLimits other =
                        new GenerationLimits(rows, 1L << 28, rows == 3 ? 1 : 100, new DecodeSettings(type));
                compare(expected, run(model, requests, shuffled, other), rows + " rows");
            }
            Map<Integer, List<GeneratedSample>> workers = new HashMap<>();
            for (int worker = 0; worker < 3; worker++) {
                int mine = worker;
                List<Integer> part = IntStream.range(0, prompts)
                        .filter(i -> i % 3 == mine)
                        .boxed()
                        .toList();
                workers.putAll(run(model, requests, part, limits.withMaxRows(3)));
            }
            compare(expected, workers, "3 workers");
        }
    }

    private static void compare(
            Map<Integer, List<GeneratedSample>> expected, Map<Integer, List<GeneratedSample>> given, String what) {
        assertThat(given).hasSameSizeAs(expected);
        expected.forEach((i, samples) -> {
            for (int s = 0; s < samples.size(); s++) {
                assertThat(given.get(i).get(s).tokens())
                        .as("%s, prompt %d, sample %d", what, i, s)
                        .isEqualTo(samples.get(s).tokens());
            }
        });
    }

    private static Map<Integer, List<GeneratedSample>> run(
            LanguageModel model, List<GenerationRequest> requests, List<Integer> order, GenerationLimits limits) {
        List<GenerationRequest> mine = order.stream().map(requests::get).toList();
        List<List<GeneratedSample>> out = new Generator(model, ids -> "", STOPS, limits).samples(mine);
        Map<Integer, List<GeneratedSample>> byNumber = new HashMap<>();
        for (int i = 0; i < mine.size(); i++) {
            byNumber.put(order.get(i), out.get(i));
        }
        return byNumber;
    }

    private static List<Integer> order(int count) {
        return new ArrayList<>(IntStream.range(0, count).boxed().toList());
    }

    /** Some alone and some in groups of up to ten, greedy, free, filtered and penalized. */
    private static List<GenerationRequest> requests(int count, int longest, int tokens) {
        Random random = new Random(count);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = 1 + (longest - 1) * i / (count - 1);
            SamplingOptions options = switch (i % 4) {
                case 0 -> SamplingOptions.unfiltered(tokens, 70 + i);
                case 1 -> SamplingOptions.greedy(tokens);
                case 2 -> TestSampling.of(tokens, 0.8, 0.9, 40, 0.01, 70 + i);
                default -> TestSampling.penalized(SamplingOptions.unfiltered(tokens, 70 + i), 1.2, 0.1, 0.2);
            };
            int samples = i % 5 == 0 ? 10 : 1 + i % 3;
            requests.add(new GenerationRequest(random.ints(length, 3, 256).toArray(), samples, options));
        }
        return requests;
    }
}
