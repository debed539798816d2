package ai.preceptor.lm.weights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorFileTest {
    private static final int ROWS = 7;
    private static final int WIDTH = 3;

    @TempDir
    Path folder;

    /** A row has 12 bytes in float32 and 6 in bfloat16; a piece has at least one. */
    @ParameterizedTest
    @CsvSource({"F32, 1, 5", "F32, 12, 5", "F32, 30, 3", "F32, 1000, 1", "BF16, 12, 3"})
    void pieces_joined_areTheRows(DType type, int chunk, int count) {
        float[] numbers = new float[ROWS * WIDTH];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i - 10;
        }
        Path file = folder.resolve("x.safetensors");
        try (Torch torch = Torch.open("cpu", 1);
                Scope scope = torch.scope()) {
            NDArray tensor = scope.zeros(ROWS, WIDTH);
            torch.kernels().tensors().setRows(tensor, scope.floats(numbers, ROWS, WIDTH), 0, ROWS);
            Iterable<ByteBuffer> pieces = new TensorFile(torch, chunk).pieces(tensor, 1, ROWS - 2, type);
            List<ByteBuffer> each = new ArrayList<>();
            pieces.forEach(each::add);
            assertThat(each).hasSize(count);
            SafetensorsWriter.write(
                    file, Map.of("x", TensorData.pieces(type, new long[] {ROWS - 2, WIDTH}, pieces)), Map.of());
        }
        try (SafetensorsFile written = SafetensorsFile.open(file)) {
            assertThat(FloatBuffer.wrap(written.floats("x")))
                    .isEqualTo(
                            FloatBuffer.wrap(numbers, WIDTH, (ROWS - 2) * WIDTH).slice());
        }
    }
}
