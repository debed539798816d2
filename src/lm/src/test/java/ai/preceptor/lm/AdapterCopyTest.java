package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.FloatFormat;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.lm.adapter.AdapterTensors;
import ai.preceptor.lm.batch.WholeSequences;
import ai.preceptor.lm.copy.ModelCopy;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters that become part of the weights while a model is rewritten. */
class AdapterCopyTest {
    private static final String QUERIES = "model.layers.0.self_attn.q_proj";
    private static final String EMBEDDING = "model.embed_tokens";
    private static final String PREFIX = "base_model.model.";

    @TempDir
    private Path folder;

    private Torch torch;
    private Path base;

    @BeforeEach
    void open() throws IOException {
        torch = Torch.open("cpu", 1);
        base = RandomModel.write(torch, folder.resolve("base"), true);
    }

    @AfterEach
    void close() {
        torch.close();
    }

    /** An adapter of rank 2 and scale 3 / 2. */
    private Path adapter(Map<String, TensorData> tensors) throws IOException {
        Path directory = Files.createDirectories(folder.resolve("adapter"));
        LoraConfig lora = LoraConfig.of(2, 3).withTargets(new TargetModules.AllLinear());
        AdapterConfig.create(lora, false, base).write(directory);
        Map<String, TensorData> named = new TreeMap<>();
        tensors.forEach((name, data) -> named.put(PREFIX + name, data));
        SafetensorsWriter.write(directory.resolve(AdapterTensors.FILE), named, Map.of());
        return directory;
    }

    private static TensorData numbers(long rows, long columns, int period) {
        float[] values = new float[(int) (rows * columns)];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % period;
        }
        return TensorData.floats(values, rows, columns);
    }

    private Path written(Path model, FloatFormat format, long shard) throws IOException {
        Path output = Files.createDirectories(folder.resolve("out"));
        new ModelCopy(model, null, format, shard).writeTo(output);
        return output;
    }

    /** A is i % 5 over [2, 16], B is i % 3 over [16, 2]: element (r, c) gains 3/2 (B[r,0] A[0,c] + B[r,1] A[1,c]). */
    @Test
    void linear_gainsScaleTimesBTimesA() throws IOException {
        Path adapter = adapter(
                Map.of(QUERIES + ".lora_A.weight", numbers(2, 16, 5), QUERIES + ".lora_B.weight", numbers(16, 2, 3)));
        Path output = written(adapter, null, Long.MAX_VALUE);
        try (Checkpoint before = Checkpoint.open(base);
                Checkpoint after = Checkpoint.open(output)) {
            assertThat(after.names()).isEqualTo(before.names());
            float[] old = before.floats(QUERIES + ".weight");
            float[] now = after.floats(QUERIES + ".weight");
            assertThat(now[0] - old[0]).isCloseTo(1.5f * (0 * 0 + 1 * 1), within(1e-5f));
            assertThat(now[16 + 1] - old[16 + 1]).isCloseTo(1.5f * (2 * 1 + 0 * 2), within(1e-5f));
            for (int i = 0; i < old.length; i++) {
                int row = i / 16;
                int column = i % 16;
                float gain = 1.5f * (2 * row % 3 * (column % 5) + (2 * row + 1) % 3 * ((16 + column) % 5));
                assertThat(now[i] - old[i]).as("%d", i).isCloseTo(gain, within(1e-5f));
            }
            for (String name : before.names()) {
                if (!name.equals(QUERIES + ".weight")) {
                    assertThat(after.map(name)).as(name).isEqualTo(before.map(name));
                }
            }
        }
    }

    /** A table [40, 16] gains the transpose of B [16, 2] A [2, 40]; the head, tied until now, stays what it was. */
    @Test
    void embedding_gainsTheTranspose_andTheHeadStays() throws IOException {
        Path adapter = adapter(Map.of(
                EMBEDDING + ".lora_embedding_A",
                numbers(2, 40, 5),
                EMBEDDING + ".lora_embedding_B",
                numbers(16, 2, 3)));
        Path output = written(adapter, null, Long.MAX_VALUE);
        try (Checkpoint before = Checkpoint.open(base);
                Checkpoint after = Checkpoint.open(output)) {
            float[] old = before.floats(EMBEDDING + ".weight");
            float[] now = after.floats(EMBEDDING + ".weight");
            for (int i = 0; i < old.length; i++) {
                int token = i / 16;
                int column = i % 16;
                float gain = 1.5f * (2 * column % 3 * (token % 5) + (2 * column + 1) % 3 * ((40 + token) % 5));
                assertThat(now[i] - old[i]).as("%d", i).isCloseTo(gain, within(1e-5f));
            }
            assertThat(after.floats("lm_head.weight")).isEqualTo(old);
        }
    }

    /** PEFT saves the embedding below an adapter too: the adapter is added to that one. */
    @Test
    void embeddingSavedBelowItsAdapter_isWhatItIsAddedTo() throws IOException {
        Path adapter = adapter(Map.of(
                EMBEDDING + ".base_layer.weight",
                numbers(40, 16, 7),
                EMBEDDING + ".lora_embedding_A",
                numbers(2, 40, 5),
                EMBEDDING + ".lora_embedding_B",
                numbers(16, 2, 3)));
        try (Checkpoint after = Checkpoint.open(written(adapter, null, Long.MAX_VALUE))) {
            float[] now = after.floats(EMBEDDING + ".weight");
            for (int i = 0; i < now.length; i++) {
                int token = i / 16;
                int column = i % 16;
                float gain = 1.5f * (2 * column % 3 * (token % 5) + (2 * column + 1) % 3 * ((40 + token) % 5));
                assertThat(now[i]).as("%d", i).isEqualTo(i % 7 + gain);
            }
        }
    }

    @Test
    void halfPrecision_isRoundedOnce_alsoInShardsThatCutRows() throws IOException {
        Path half = Files.createDirectories(folder.resolve("half"));
        new ModelCopy(base, null, FloatFormat.BF16, Long.MAX_VALUE).writeTo(half);
        Path adapter = adapter(
                Map.of(QUERIES + ".lora_A.weight", numbers(2, 16, 5), QUERIES + ".lora_B.weight", numbers(16, 2, 3)));
        Path output = Files.createDirectories(folder.resolve("out"));
        new ModelCopy(half, adapter, null, 1000).writeTo(output);
        try (Checkpoint before = Checkpoint.open(half);
                Checkpoint after = Checkpoint.open(output)) {
            assertThat(after.info(QUERIES + ".weight").dtype()).isEqualTo(DType.BF16);
            float[] old = before.floats(QUERIES + ".weight");
            float[] now = after.floats(QUERIES + ".weight");
            for (int i = 0; i < old.length; i++) {
                float exact = old[i]
                        + 1.5f * (2 * (i / 16) % 3 * (i % 16 % 5) + (2 * (i / 16) + 1) % 3 * ((16 + i % 16) % 5));
                assertThat(now[i]).as("%d", i).isCloseTo(exact, within(Math.abs(exact) / 256));
            }
        }
    }

    @Test
    void mapped_inAnyPart_isTheSame() throws IOException {
        Path adapter = adapter(
                Map.of(QUERIES + ".lora_A.weight", numbers(2, 16, 5), QUERIES + ".lora_B.weight", numbers(16, 2, 3)));
        try (var merged = LoadOptions.FROZEN.plan(adapter, false).openMerged()) {
            var whole = merged.map(QUERIES + ".weight");
            Random random = new Random(3);
            for (int i = 0; i < 50; i++) {
                int from = 4 * random.nextInt(256);
                int length = 4 * random.nextInt(257 - from / 4);
                assertThat(merged.map(QUERIES + ".weight", from, length)).isEqualTo(whole.slice(from, length));
            }
        }
    }

    @Test
    void misfits_areRefusedByName() throws IOException {
        Path wrong = adapter(
                Map.of(QUERIES + ".lora_A.weight", numbers(2, 15, 5), QUERIES + ".lora_B.weight", numbers(16, 2, 3)));
        assertThatThrownBy(() -> written(wrong, null, Long.MAX_VALUE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(QUERIES + ".lora_A.weight")
                .hasMessageContaining("[2, 16]")
                .hasMessageContaining("[2, 15]");
        Path nowhere =
                adapter(Map.of("model.x.lora_A.weight", numbers(2, 16, 5), "model.x.lora_B.weight", numbers(16, 2, 3)));
        assertThatThrownBy(() -> written(nowhere, null, Long.MAX_VALUE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("it has no model.x.weight");
    }

    /** As they are merged on the device, and as they are merged while a model is rewritten. */
    @ParameterizedTest
    @MethodSource("misfits")
    void misfit_isRefusedOnBothWays(Map<String, TensorData> tensors, String problem) throws IOException {
        Path wrong = adapter(tensors);
        assertThatThrownBy(() -> written(wrong, null, Long.MAX_VALUE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(problem);
        assertThatThrownBy(() -> LanguageModel.load(torch, wrong, LoadOptions.FROZEN))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(problem);
        assertThatThrownBy(() -> LanguageModel.load(torch, wrong, LoadOptions.TRAINED))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(problem);
    }

    static List<Arguments> misfits() {
        String a = QUERIES + ".lora_A.weight";
        String b = QUERIES + ".lora_B.weight";
        TensorData fittingB = numbers(16, 2, 3);
        TensorData scalar = TensorData.floats(new float[1]);
        TensorData whole = TensorData.longs(new long[32], 2, 16);
        return List.of(
                Arguments.of(Map.of(b, fittingB), "lora_B.weight has no lora_A.weight next to it"),
                Arguments.of(Map.of(a, numbers(3, 16, 5), b, numbers(16, 3, 3)), "expected shape [2, 16]"),
                Arguments.of(Map.of(a, numbers(0, 16, 5), b, numbers(16, 0, 3)), "expected shape [2, 16]"),
                Arguments.of(Map.of(a, scalar, b, fittingB), "expected shape [2, 16]"),
                Arguments.of(Map.of(a, whole, b, fittingB), "expected element type F32, F16 or BF16, found I64"));
    }

    @Test
    void pefts_givesPeftsLogits() throws IOException {
        Path golden = Golden.dir("models/llama-lora");
        Path output = Files.createDirectories(folder.resolve("out"));
        new ModelCopy(golden.resolve("base"), golden.resolve("adapter"), null, Long.MAX_VALUE).writeTo(output);
        try (LanguageModel model = LanguageModel.load(torch, output, LoadOptions.FROZEN);
                SafetensorsFile expected = SafetensorsFile.open(golden.resolve("expected.safetensors"))) {
            var ids = expected.map("input_ids").asLongBuffer();
            int[] tokens = new int[16];
            Arrays.setAll(tokens, i -> (int) ids.get(i));
            float[] want = Arrays.copyOf(
                    expected.floats("logits_adapter"), 16 * model.config().vocabSize());
            assertThat(model.read(WholeSequences.everyRow(tokens)).logits()).containsExactly(want, within(1e-4f));
        }
    }

    /** Fused and transposed matrices: merged by the file's layout, and by the device's, which shares no code with it. */
    @ParameterizedTest
    @CsvSource({"gpt2, gpt2", "gpt-neox, neox", "phi3-fused, phi3", "llama, llama"})
    void families_areMergedAsOnTheDevice(String family, String label) throws IOException {
        Path model = Golden.dir("models/" + family);
        LoraConfig lora = new LoraConfig(3, 6, 0, false, new TargetModules.AllLinear(), List.of());
        Path adapter = Files.createDirectories(folder.resolve(label));
        try (LanguageModel trained = LanguageModel.load(torch, model, LoadOptions.TRAINED.withLora(lora, 5))) {
            Random random = new Random(1);
            for (Parameter block : trained.parameters().trained()) {
                for (Parameter.Part part : block.parts()) {
                    float[] values = new float[(int) block.compute().size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) (0.2 * random.nextGaussian());
                    }
                    trained.parameters().set(block, part, values);
                }
            }
            trained.save(adapter);
        }
        Path output = written(adapter, null, Long.MAX_VALUE);
        int[] tokens = {3, 9, 4, 12, 7, 30, 2, 8};
        try (LanguageModel device = LanguageModel.load(torch, adapter, LoadOptions.FROZEN);
                LanguageModel copy = LanguageModel.load(torch, output, LoadOptions.FROZEN);
                LanguageModel plain = LanguageModel.load(torch, model, LoadOptions.FROZEN)) {
            float[] want = device.read(WholeSequences.everyRow(tokens)).logits();
            assertThat(copy.read(WholeSequences.everyRow(tokens)).logits()).containsExactly(want, within(1e-3f));
            float[] without = plain.read(WholeSequences.everyRow(tokens)).logits();
            assertThat(want[0]).isNotCloseTo(without[0], within(1e-2f));
        }
    }
}
