package ai.preceptor.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.testkit.Golden;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufCheckpointTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"models/llama", "tiny-chat", "models/qwen2", "models/qwen3"})
    void open_convertedModel_holdsTheSameBitsUnderTheSameNames(String name) {
        Path file = TinyGguf.of(Golden.dir(name)).write(directory.resolve("model.gguf"));
        try (GgufCheckpoint gguf = GgufCheckpoint.open(file);
                Checkpoint golden = Checkpoint.open(Golden.dir(name))) {
            assertSame(gguf, golden);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"models/llama", "tiny-chat", "models/qwen2", "models/qwen3"})
    void read_config_isThatOfTheModel(String name) {
        Path file = TinyGguf.of(Golden.dir(name)).write(directory.resolve("model.gguf"));
        DecoderConfig golden = DecoderConfig.read(Golden.dir(name));
        DecoderConfig found = DecoderConfig.read(file);
        assertThat(found)
                .usingRecursiveComparison()
                .ignoringFields("json", "specialIds")
                .isEqualTo(golden);
        assertThat(DecoderConfig.read(directory)).isEqualTo(found); // a directory that holds it
    }

    @Test
    void smolLm2_quantizedFile_equalsItsConvertedDirectory() {
        Path model = Golden.shared("models/smollm2-135m-instruct");
        Path file = model.resolve("model-q4_1.gguf");
        assertThat(new ModelFiles(model).gguf()).contains(file);
        try (GgufCheckpoint gguf = GgufCheckpoint.open(file)) {
            assertThat(gguf.names()).hasSize(272);
            float[] norm = gguf.floats("model.norm.weight");
            assertThat(norm).hasSize(576);
            assertThat(gguf.info("model.layers.29.self_attn.k_proj.weight").shape())
                    .containsExactly(192, 576);
        }
    }

    @Test
    void read_partsOfAnyPlace_areThoseOfTheWhole() {
        Random random = new Random(7);
        Path file = TinyGguf.of(Golden.dir("models/llama")).write(directory.resolve("model.gguf"));
        String name = "model.layers.1.self_attn.q_proj.weight";
        try (GgufCheckpoint gguf = GgufCheckpoint.open(file)) {
            ByteBuffer whole = gguf.map(name);
            for (int i = 0; i < 200; i++) {
                int from = random.nextInt(whole.capacity());
                int length = random.nextInt(whole.capacity() - from + 1);
                ByteBuffer part = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
                gguf.read(name, from, part);
                assertThat(part.flip()).as("from %d, %d bytes", from, length).isEqualTo(whole.slice(from, length));
            }
            assertThatThrownBy(() -> gguf.map(name, 1, whole.capacity())).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void open_oddRows_areRefused() {
        Path file = new GgufBytes()
                .text("general.architecture", "llama")
                .uint32("llama.attention.head_count", 2)
                .tensor("blk.0.attn_q.weight", new float[12], 6, 2)
                .write(directory.resolve("m.gguf"));
        assertThatThrownBy(() -> GgufCheckpoint.open(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": tensor \"blk.0.attn_q.weight\": expected an even number of rows for each of 2"
                        + " heads (metadata llama.attention.head_count), found 6 rows");
    }

    private static void assertSame(TensorSource found, TensorSource expected) {
        assertThat(found.names()).isEqualTo(expected.names());
        for (String name : expected.names()) {
            assertThat(found.info(name).shape())
                    .as(name)
                    .isEqualTo(expected.info(name).shape());
            assertThat(found.floats(name)).as(name).isEqualTo(expected.floats(name));
        }
    }
}
