package ai.preceptor.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NoRewardTest {
    @Test
    void assign_isZero_whateverTheScores() {
        List<double[]> found = new NoReward()
                .assign(new ScoredAnswers(
                        new double[] {3, Double.NaN},
                        List.of(new double[] {1, 2}, new double[] {5}),
                        new int[] {0, 0},
                        0.1))
                .advantages();
        assertThat(found).hasSize(2);
        assertThat(found.get(0)).containsExactly(0, 0);
        assertThat(found.get(1)).containsExactly(0);
    }
}
