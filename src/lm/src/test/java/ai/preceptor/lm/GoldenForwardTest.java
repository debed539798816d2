package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.lm.batch.WholeSequences;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.nio.LongBuffer;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiny random models against transformers' numbers (golden/README.md), padding left and right included. */
class GoldenForwardTest {
    private static final int ROWS = 3;
    private static final int COLUMNS = 24;

    @ParameterizedTest
    @MethodSource("ai.preceptor.testkit.Golden#families")
    void read_equalsTransformers(String name) {
        Path dir = Golden.dir(name);
        try (Torch torch = Torch.open("cpu", 0);
                LanguageModel model = LanguageModel.load(torch, dir, LoadOptions.FROZEN);
                SafetensorsFile expected = SafetensorsFile.open(dir.resolve("expected.safetensors"))) {
            LongBuffer ids = expected.map("input_ids").asLongBuffer();
            LongBuffer mask = expected.map("attention_mask").asLongBuffer();
            float[] logits = expected.floats("logits");
            float[] hidden = expected.floats("last_hidden");
            float[] logprobs = expected.floats("target_logprobs");
            for (int row = 0; row < ROWS; row++) {
                int[] columns = unmasked(mask, row);
                ForwardOutput out = model.read(WholeSequences.everyRow(tokens(ids, row, columns)));
                for (int i = 0; i < columns.length; i++) {
                    int at = row * COLUMNS + columns[i];
                    assertClose(out.logits(), i, logits, at, model.config().vocabSize(), 2e-4);
                    assertClose(out.hidden(), i, hidden, at, model.config().hiddenSize(), 2e-4);
                }
                float[] scored = model.logprobs(WholeSequences.nextTokens(tokens(ids, row, columns), 0));
                for (int i = 0; i + 1 < columns.length; i++) {
                    double want = logprobs[row * (COLUMNS - 1) + columns[i]];
                    assertThat(Math.abs(scored[i] - want)).isLessThan(1e-4);
                }
            }
        }
    }

    private static int[] unmasked(LongBuffer mask, int row) {
        return java.util.stream.IntStream.range(0, COLUMNS)
                .filter(c -> mask.get(row * COLUMNS + c) == 1)
                .toArray();
    }

    private static int[] tokens(LongBuffer ids, int row, int[] columns) {
        return java.util.Arrays.stream(columns)
                .map(c -> (int) ids.get(row * COLUMNS + c))
                .toArray();
    }

    private static void assertClose(float[] got, int i, float[] want, int j, int width, double tolerance) {
        double worst = 0;
        for (int k = 0; k < width; k++) {
            worst = Math.max(worst, Math.abs(got[i * width + k] - want[j * width + k]));
        }
        assertThat(worst).isLessThan(tolerance);
    }
}
