package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.lm.TopTokens;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeacherRowsTest {
    @Test
    void rows_areReadAsTheyWereWritten() {
        TeacherRows sent = new TeacherRows(
                3,
                0.7,
                List.of(
                        new TokenRow(new int[] {1, 2}, new int[] {3, 1 << 20}, new boolean[] {false, true}),
                        TokenRow.learnt(new int[] {9}, new int[] {8, 7, 6})));
        TeacherRows read = TeacherRows.of(sent.toBytes());
        assertThat(read.k()).isEqualTo(3);
        assertThat(read.temperature()).isEqualTo(0.7);
        assertThat(read.rows())
                .usingElementComparator((one, other) -> Arrays.equals(one.prompt(), other.prompt())
                                && Arrays.equals(one.completion(), other.completion())
                                && Arrays.equals(one.learnt(), other.learnt())
                        ? 0
                        : 1)
                .isEqualTo(sent.rows());
    }

    @Test
    void distributions_areReadToTheBit() {
        List<TopTokens> sent = List.of(
                new TopTokens(1, new int[] {5, 6}, new float[] {-0.1f, -2.5f, Float.MIN_VALUE, -0.0f}),
                new TopTokens(2, new int[] {1, 0}, new float[] {-1e-30f, Float.NaN, -3}));
        List<TopTokens> read = TeacherRows.found(TeacherRows.toBytes(sent));
        for (int i = 0; i < sent.size(); i++) {
            assertThat(read.get(i).k()).isEqualTo(sent.get(i).k());
            assertThat(read.get(i).ids()).isEqualTo(sent.get(i).ids());
            assertThat(Arrays.equals(read.get(i).logprobs(), sent.get(i).logprobs()))
                    .isTrue();
        }
    }

    @Test
    void bytes_thatEndEarly_areRefused() {
        byte[] whole = new TeacherRows(1, 1, List.of(TokenRow.learnt(new int[] {1}, new int[] {2, 3}))).toBytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] some = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> TeacherRows.of(some))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("ends after");
        }
    }

    /** From a worker that is broken, or lies. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, 2})
    void distributions_ofAnImpossibleK_areRefused(int k) {
        byte[] sent = TeacherRows.toBytes(List.of(new TopTokens(1, new int[] {5}, new float[] {-1, -2})));
        ByteBuffer.wrap(sent).putInt(Integer.BYTES, k);
        assertThatThrownBy(() -> TeacherRows.found(sent))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1 tokens of k " + k + " a row");
    }
}
