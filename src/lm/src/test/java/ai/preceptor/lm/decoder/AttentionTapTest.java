package ai.preceptor.lm.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AttentionTapTest {
    /** A block of rows 2 and 3 after a prefix of rows 0 and 1, of which a window hides row 0. */
    @Test
    void rows_ofABlockWithoutItsFirstKeys_begin0_andTheirGradientLeavesThemOut() {
        long[] segments = {0, 2, 2, 2, 4};
        try (Torch torch = Torch.open("cpu", 1);
                Scope scope = torch.scope()) {
            NDArray block = scope.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
            AttentionTap tap = new AttentionTap(segments, new int[] {3, 2, 3}, new NDArray[] {block});
            float[] second = {0, 4, 5, 6};
            assertThat(tap.rows()).isDeepEqualTo(new float[][] {second, {0, 1, 2, 3}, second});
            float[][] slopes = {{9, 1, 2, 3}, {9, 4, 5, 6}, {9, 10, 20, 30}};
            NDArray[] gradient = tap.gradient(scope, slopes);
            assertThat(Arrays.stream(gradient).map(NDArray::toFloatArray))
                    .containsExactly(new float[] {4, 5, 6, 11, 22, 33});
        }
    }
}
