package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.WholeSequences;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.ModelTensors;
import ai.preceptor.lm.weights.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every family on tiny random models: what must hold whatever the numbers are. */
class FamiliesTest {
    private static final int[] PROMPT = ids(1, 7);
    private static final int[] FIRST = ids(2, 6);
    private static final int[] SECOND = ids(3, 4);
    private static Torch torch;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    @ParameterizedTest
    @EnumSource
    void backward_ofLogprobs_equalsCentralDifferences(TinyFamilies family) {
        PackedBatch batch = pair();
        float[] coefficients = normal(4, batch.targets().length);
        try (LanguageModel model = family.model(torch, LoadOptions.TRAINED)) {
            try (ForwardPass pass = model.forward(batch)) {
                pass.backward(coefficients);
            }
            BlockGradients.check(model.parameters(), () -> BlockGradients.dot(model.logprobs(batch), coefficients));
        }
    }

    /** The second answer is not beside the prompt it shares, so its window must reach across the first. */
    @ParameterizedTest
    @EnumSource
    void logprobs_ofAnswersThatShareAPrompt_equalThoseOfWholeSequences(TinyFamilies family) {
        try (LanguageModel model = family.model(torch, LoadOptions.FROZEN)) {
            float[] shared = model.logprobs(pair());
            int longest = PROMPT.length + FIRST.length;
            assertThat(Arrays.copyOfRange(shared, 0, FIRST.length))
                    .containsExactly(alone(model, FIRST, longest), within(1e-4f));
            assertThat(Arrays.copyOfRange(shared, FIRST.length, shared.length))
                    .containsExactly(alone(model, SECOND, longest), within(1e-4f));
        }
    }

    @ParameterizedTest
    @EnumSource
    void save_thenLoad_givesTheSameTensorsAndNumbers(TinyFamilies family) {
        try (LanguageModel model = family.model(torch, LoadOptions.FROZEN)) {
            float[] before = model.logprobs(pair());
            model.save(directory);
            try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                assertThat(ModelTensors.of(model.config()).compare(checkpoint).none())
                        .isTrue();
            }
            try (LanguageModel again = LanguageModel.load(torch, directory, LoadOptions.FROZEN)) {
                assertThat(again.logprobs(pair())).containsExactly(before);
            }
        }
    }

    /** The one that samples had other numbers before. */
    @ParameterizedTest
    @EnumSource
    void saveToSample_inBfloat16_givesTheSameNumbersInHalfTheBytes(TinyFamilies family) throws IOException {
        LoadOptions trained = new LoadOptions(Precision.BFLOAT16, true);
        LoadOptions run = new LoadOptions(Precision.BFLOAT16, false);
        Path exact = Files.createDirectory(directory.resolve("exact"));
        Path rounded = Files.createDirectory(directory.resolve("rounded"));
        try (LanguageModel learner = family.model(torch, trained);
                LanguageModel sampler = LanguageModel.initialise(torch, family.config(), run, 99)) {
            learner.save(exact);
            learner.saveToSample(rounded);
            assertThat(sampler.fingerprint()).isNotEqualTo(learner.fingerprint());
            sampler.restore(rounded);
            assertThat(sampler.fingerprint()).isEqualTo(learner.fingerprint());
            assertThat(sampler.logprobs(pair())).containsExactly(learner.logprobs(pair()));
            assertThat(weights(rounded)).isLessThan(0.55 * weights(exact));
        }
    }

    private static double weights(Path model) {
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            return checkpoint.names().stream()
                    .mapToLong(name -> checkpoint.info(name).bytes())
                    .sum();
        }
    }

    @ParameterizedTest
    @EnumSource
    void backward_ofRewards_equalsCentralDifferences(TinyFamilies family) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(PROMPT);
        PackedBatch batch = builder.answer(FIRST).answer(SECOND).build();
        float[] coefficients = {1, -0.5f};
        try (LanguageModel model = family.model(torch, LoadOptions.FROZEN)) {
            model.save(directory);
        }
        try (RewardBackbone model = RewardBackbone.load(torch, directory, LoadOptions.TRAINED, HeadInit.NORMAL, 5)) {
            try (ForwardPass pass = model.forward(batch)) {
                pass.backward(coefficients);
            }
            BlockGradients.check(model.parameters(), () -> BlockGradients.dot(model.rewards(batch), coefficients));
            model.save(directory);
            float[] rewards = model.rewards(batch);
            DecoderConfig saved = DecoderConfig.read(directory);
            assertThat(saved.architecture().reward()).isTrue();
            try (RewardBackbone again = RewardBackbone.load(torch, directory, LoadOptions.FROZEN, HeadInit.ZEROS, 0)) {
                assertThat(again.rewards(batch)).containsExactly(rewards);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bfloat16_isNearFloat32(TinyFamilies family) {
        PackedBatch batch = pair();
        float[] coefficients = normal(4, batch.targets().length);
        try (LanguageModel exact = family.model(torch, LoadOptions.TRAINED);
                LanguageModel rough = family.model(torch, new LoadOptions(Precision.BFLOAT16, true))) {
            float[] want = exact.logprobs(batch);
            float[] found = rough.logprobs(batch);
            double mean = IntStream.range(0, want.length)
                    .mapToDouble(i -> Math.abs(want[i] - found[i]))
                    .average()
                    .orElseThrow();
            assertThat(mean).isLessThan(0.1);
            try (ForwardPass pass = exact.forward(batch);
                    ForwardPass roughPass = rough.forward(batch)) {
                pass.backward(coefficients);
                roughPass.backward(coefficients);
            }
            for (int i = 0; i < exact.parameters().blocks().size(); i++) {
                float[] g = exact.parameters().blocks().get(i).gradient().toFloatArray();
                float[] r = rough.parameters().blocks().get(i).gradient().toFloatArray();
                double cosine =
                        BlockGradients.dot(g, r) / Math.sqrt(BlockGradients.dot(g, g) * BlockGradients.dot(r, r));
                assertThat(cosine)
                        .as(exact.parameters().blocks().get(i).parts().get(0).name())
                        .isGreaterThan(0.97);
            }
        }
    }

    private static float[] alone(LanguageModel model, int[] answer, int length) {
        int[] whole = Arrays.copyOf(PROMPT, PROMPT.length + answer.length);
        System.arraycopy(answer, 0, whole, PROMPT.length, answer.length);
        float[] all = model.logprobs(WholeSequences.nextTokens(whole, length));
        return Arrays.copyOfRange(all, PROMPT.length - 1, all.length);
    }

    private static PackedBatch pair() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(PROMPT);
        return builder.completion(FIRST).completion(SECOND).build();
    }

    private static int[] ids(long seed, int count) {
        return new Random(seed).ints(count, 0, 53).toArray();
    }

    private static float[] normal(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
