package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.TopTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every teacher elsewhere keeps; for those that answer all rows that they are asked about here. */
public abstract class TopTokenTeacherContract {
    private static final int K = 4;

    /** The teacher under test, the same for every call in a test. */
    protected abstract TopTokenTeacher teacher();

    /** Ids lie below it; at least 20. */
    protected abstract int vocabulary();

    /** Rows of which some tokens are not learnt. */
    private static List<TokenRow> rows() {
        return List.of(
                new TokenRow(new int[] {3, 4}, new int[] {5, 6, 7}, new boolean[] {false, true, true}),
                TokenRow.learnt(new int[] {8}, new int[] {9}),
                TokenRow.learnt(new int[] {10, 11, 12}, new int[] {13, 14}));
    }

    @Test
    void identity_isWordsThatStay() {
        assertThat(teacher().identity()).isNotBlank().isEqualTo(teacher().identity());
    }

    @Test
    void topTokens_areDistributions_oneALossToken() {
        List<TopTokens> found = teacher().topTokens(rows(), K);
        assertThat(found).hasSize(3);
        for (int i = 0; i < 3; i++) {
            TopTokens own = found.get(i);
            assertThat(own.k()).isEqualTo(K);
            assertThat(own.rows()).isEqualTo(rows().get(i).targets());
            for (int row = 0; row < own.rows(); row++) {
                int[] ids = Arrays.copyOfRange(own.ids(), row * K, (row + 1) * K);
                assertThat(ids).doesNotHaveDuplicates();
                assertThat(Arrays.stream(ids)).allMatch(id -> id >= 0 && id < vocabulary());
                double sum = 0;
                for (int j = 0; j <= K; j++) {
                    float logprob = own.logprobs()[row * (K + 1) + j];
                    assertThat(logprob).isLessThanOrEqualTo(0);
                    sum += Math.exp(logprob);
                    if (j > 0 && j < K) {
                        assertThat(logprob)
                                .as("most probable first")
                                .isLessThanOrEqualTo(own.logprobs()[row * (K + 1) + j - 1]);
                    }
                }
                assertThat(sum).as("with all other tokens").isCloseTo(1, within(1e-4));
            }
        }
    }

    @Test
    void rows_areAnsweredAlikeAloneAndTogether() {
        List<TopTokens> together = teacher().topTokens(rows(), K);
        List<TopTokens> alone = new ArrayList<>();
        rows().forEach(row -> alone.addAll(teacher().topTokens(List.of(row), K)));
        for (int i = 0; i < 3; i++) {
            assertThat(alone.get(i).ids()).containsExactly(together.get(i).ids());
            assertThat(alone.get(i).logprobs()).containsExactly(together.get(i).logprobs(), within(1e-5f));
        }
    }
}
