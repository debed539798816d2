package ai.preceptor.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.OutputException;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsWriterTest {
    @TempDir
    Path directory;

    /** What Hugging Face's library wrote, with one type and with two, comes out byte for byte. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-chat/model.safetensors",
                "models/llama/model.safetensors",
                "models/llama-reward/model.safetensors",
                "models/llama/expected.safetensors"
            })
    void write_tensorsOfAGoldenFile_givesTheSameBytes(String name) throws IOException {
        Path golden = Golden.file(name);
        Path copy = directory.resolve("copy.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(golden)) {
            Map<String, TensorData> tensors = new HashMap<>();
            file.names().forEach(each -> tensors.put(each, TensorData.of(file, each)));
            SafetensorsWriter.write(copy, tensors, file.metadata());
        }
        assertThat(Files.mismatch(copy, golden)).isEqualTo(-1);
    }

    @Test
    void write_floatsInEachFormat_readBackRounded() {
        float[] values = new float[200_000]; // more than one chunk
        Random random = new Random(11);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Path path = directory.resolve("formats.safetensors");
        Map<String, TensorData> tensors = new HashMap<>();
        for (FloatFormat format : FloatFormat.values()) {
            tensors.put(
                    format.name(),
                    TensorData.floats(format, new long[] {400, 500}, () -> java.nio.FloatBuffer.wrap(values)));
        }
        SafetensorsWriter.write(path, tensors, Map.of());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.floats("F32")).isEqualTo(values);
            float[] brain = file.floats("BF16");
            float[] half = file.floats("F16");
            for (int i = 0; i < values.length; i++) {
                assertThat(brain[i]).isCloseTo(values[i], within(Math.abs(values[i]) * 0x1p-8f));
                assertThat(half[i]).isCloseTo(values[i], within(Math.abs(values[i]) * 0x1p-11f + 0x1p-25f));
            }
            assertThat(file.info("F16").shape()).containsExactly(400, 500);
        }
    }

    private static org.assertj.core.data.Offset<Float> within(float distance) {
        return org.assertj.core.data.Offset.offset(distance);
    }

    @Test
    void write_namesThatJsonEscapes_readBack() {
        Path path = directory.resolve("names.safetensors");
        String name = "a \"quoted\" \\ name\n\u00e9\u65e5";
        SafetensorsWriter.write(path, Map.of(name, TensorData.longs(new long[] {7, -7}, 2)), Map.of("k\"", "v\t"));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.map(name).getLong(8)).isEqualTo(-7);
            assertThat(file.metadata()).containsEntry("k\"", "v\t");
            assertThat(file.info(name).offset() % 8).isZero();
        }
    }

    @Test
    void write_valuesThatDoNotFillTheShape_isRefusedAndKeepsTheOldFile() throws IOException {
        Path path = directory.resolve("old.safetensors");
        SafetensorsWriter.write(path, Map.of("w", TensorData.floats(new float[] {1, 2}, 2)), Map.of());
        byte[] old = Files.readAllBytes(path);
        TensorData wrong = TensorData.bytes(DType.U8, new long[] {3}, () -> ByteBuffer.allocate(2));
        assertThatThrownBy(() -> SafetensorsWriter.write(path, Map.of("w", wrong), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor \"w\": U8[3] takes 3 bytes, received 2");
        assertThat(Files.readAllBytes(path)).isEqualTo(old);
        assertThat(directory.toFile().list()).containsExactly("old.safetensors");
    }

    @Test
    void write_whereNoFileCanBe_namesThePath() throws IOException {
        Path inTheWay = Files.writeString(directory.resolve("file"), "x");
        Path path = inTheWay.resolve("model.safetensors");
        assertThatThrownBy(() -> SafetensorsWriter.write(path, Map.of(), Map.of()))
                .isInstanceOf(OutputException.class)
                .hasMessageStartingWith(path + ": cannot be written");
    }

    @Test
    void write_reservedNameOrNegativeShape_isRefused() {
        assertThatThrownBy(() -> SafetensorsWriter.write(
                        directory.resolve("x"), Map.of("__metadata__", TensorData.floats(new float[0], 0)), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TensorData.floats(new float[0], -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[-1]");
    }
}
