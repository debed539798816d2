package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.lm.batch.WholeSequences;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.net.URISyntaxException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An adapter that PEFT wrote, against PEFT's logits with the adapter and without (golden/README.md). */
class AdapterGoldenTest {
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

    /** Matrices that families store otherwise: transposed, all of a layer's in one, head by head. */
    @ParameterizedTest
    @CsvSource({"gpt2,true", "gpt2,false", "gpt-neox,true", "gpt-neox,false", "phi3-fused,true", "phi3-fused,false"})
    void read_ofOtherLayouts_equalsPeft_mergedAndBeside(String family, boolean beside) throws URISyntaxException {
        Path dir = Path.of(AdapterGoldenTest.class
                        .getResource("adapters/" + family + "/adapter_config.json")
                        .toURI())
                .getParent();
        LoadOptions options = beside ? LoadOptions.TRAINED : LoadOptions.FROZEN;
        assertClose(Golden.dir("models/" + family), options.withAdapter(dir), dir, "logits");
    }

    private static Path adapter() {
        return Golden.dir("models/llama-lora").resolve("adapter");
    }

    private static void assertClose(LoadOptions options, String name) {
        Path dir = Golden.dir("models/llama-lora");
        assertClose(dir.resolve("base"), options, dir, name);
    }

    private static void assertClose(Path base, LoadOptions options, Path dir, String name) {
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, base, options);
                SafetensorsFile expected = SafetensorsFile.open(dir.resolve("expected.safetensors"))) {
            LongBuffer ids = expected.map("input_ids").asLongBuffer();
            int rows = (int) expected.info("input_ids").shape()[0];
            int columns = (int) expected.info("input_ids").shape()[1];
            float[] want = expected.floats(name);
            int size = columns * model.config().vocabSize();
            for (int row = 0; row < rows; row++) {
                int[] tokens = new int[columns];
                for (int i = 0; i < columns; i++) {
                    tokens[i] = (int) ids.get(row * columns + i);
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
