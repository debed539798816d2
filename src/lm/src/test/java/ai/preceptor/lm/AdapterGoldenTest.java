package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.SafetensorsFile;
import ai.preceptor.testkit.Golden;
import java.nio.LongBuffer;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An adapter that PEFT wrote, against PEFT's logits with the adapter and without (golden/README.md). */
class AdapterGoldenTest {
    private static final int ROWS = 2;
    private static final int COLUMNS = 16;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void read_equalsPeft_mergedAndBeside(boolean beside) {
        LoadOptions options = beside ? LoadOptions.TRAINED : LoadOptions.FROZEN;
        assertClose(options.withAdapter(adapter()), "logits_adapter");
    }

    @ParameterizedTest
    @ValueSource(strings = "logits_base")
    void read_withoutAdapter_equalsTheBase(String expected) {
        assertClose(LoadOptions.FROZEN, expected);
    }

    private static Path adapter() {
        return Golden.dir("models/llama-lora").resolve("adapter");
    }

    private static void assertClose(LoadOptions options, String name) {
        Path dir = Golden.dir("models/llama-lora");
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, dir.resolve("base"), options);
                SafetensorsFile expected = SafetensorsFile.open(dir.resolve("expected.safetensors"))) {
            LongBuffer ids = expected.map("input_ids").asLongBuffer();
            float[] want = expected.floats(name);
            int size = COLUMNS * model.config().vocabSize();
            for (int row = 0; row < ROWS; row++) {
                int[] tokens = new int[COLUMNS];
                for (int i = 0; i < COLUMNS; i++) {
                    tokens[i] = (int) ids.get(row * COLUMNS + i);
                }
                float[] got = model.read(WholeSequences.everyRow(tokens)).logits();
                double worst = 0;
                for (int i = 0; i < size; i++) {
                    worst = Math.max(worst, Math.abs(got[i] - want[row * size + i]));
                }
                assertThat(worst).isLessThan(1e-4);
            }
        }
    }
}
