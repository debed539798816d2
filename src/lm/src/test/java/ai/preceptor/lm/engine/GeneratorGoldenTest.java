package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.WeightType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratorGoldenTest {
    @ParameterizedTest
    @MethodSource("ai.preceptor.testkit.Golden#families")
    void generate_greedily_givesTransformersIds(String name) {
        Path directory = Golden.dir(name);
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, directory, LoadOptions.FROZEN);
                SafetensorsFile expected = SafetensorsFile.open(directory.resolve("expected.safetensors"))) {
            int[] prompt = ids(expected, "input_ids", 24);
            int[] greedy = ids(expected, "greedy", 24);
            Generator generator = new Generator(model, ids -> "", new int[0], GenerationLimits.DEFAULT);
            List<List<Completion>> out = generator.generate(List.of(prompt), 1, SamplingOptions.greedy(24));
            assertThat(out.get(0).get(0).tokenIds()).isEqualTo(greedy);
        }
    }

    @ParameterizedTest
    @MethodSource("ai.preceptor.testkit.Golden#families")
    void generate_greedilyInJava_givesTransformersIds(String name) {
        Path directory = Golden.dir(name);
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, directory, LoadOptions.FROZEN);
                SafetensorsFile expected = SafetensorsFile.open(directory.resolve("expected.safetensors"))) {
            int[] prompt = ids(expected, "input_ids", 24);
            int[] greedy = ids(expected, "greedy", 24);
            Completion tensors = generate(model, prompt, GenerationLimits.DEFAULT);
            Completion java =
                    generate(model, prompt, GenerationLimits.DEFAULT.with(new DecodeSettings(WeightType.FLOAT32)));
            assertThat(java.tokenIds()).isEqualTo(greedy);
            for (int i = 0; i < greedy.length; i++) {
                assertThat(java.logprobs()[i]).isCloseTo(tensors.logprobs()[i], within(1e-4f));
            }
        }
    }

    private static Completion generate(LanguageModel model, int[] prompt, GenerationLimits limits) {
        Generator generator = new Generator(model, ids -> "", new int[0], limits);
        return generator
                .generate(List.of(prompt), 1, SamplingOptions.greedy(24))
                .get(0)
                .get(0);
    }

    private static int[] ids(SafetensorsFile file, String name, int count) {
        ByteBuffer bytes = file.map(name, 0, 8 * count);
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) bytes.getLong(8 * i);
        }
        return ids;
    }
}
