package ai.preceptor.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Score.TokenScore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Credit of tokens where steps have scores. */
class StepCreditTest {
    private static final double TINY = 1e-9;

    /** Answers of 4, 3 and 2 tokens to one prompt: two steps, one step, and one score of the whole. */
    private static ScoredAnswers batch(double beta) {
        List<double[]> kl = List.of(new double[] {0.1, 0.2, 0.3, 0.4}, new double[3], new double[2]);
        return new ScoredAnswers(new double[] {0.2, 0.6, 1}, kl, new int[3], beta)
                .with(List.of(
                        List.of(new TokenScore(1, 0.8), new TokenScore(3, 0.2)),
                        List.of(new TokenScore(1, 0.6)),
                        List.of()));
    }

    @Test
    void tokenRewards_areTheStepsAtTheirTokens() {
        assertThat(batch(0.5).tokenRewards(0)).containsExactly(new double[] {-0.05, 0.7, -0.15, 0}, within(TINY));
        assertThat(batch(0).tokenRewards(1)).containsExactly(new double[] {0, 0.6, 0}, within(TINY));
        assertThat(batch(0).tokenRewards(2)).containsExactly(new double[] {0, 1}, within(TINY));
    }

    /** Returns: 1, 1, 0.2, 0.2; 0.6, 0.6, 0; 1, 1, before they are whitened over all nine. */
    @Test
    void tokenReturns_ofSteps_areSumsOfLaterSteps() {
        CreditAssignment credit = new StepRewards(new CreditAssignment.TokenReturns());
        List<double[]> found = credit.assign(batch(0)).advantages();
        double mean = (2 * 1 + 2 * 0.2 + 2 * 0.6 + 2) / 9;
        assertThat(found.get(0)[0] / found.get(0)[2]).isCloseTo((1 - mean) / (0.2 - mean), within(1e-6));
        assertThat(found.get(0)[0]).isEqualTo(found.get(0)[1]);
        assertThat(found.get(1)[0] / found.get(1)[2]).isCloseTo((0.6 - mean) / (0 - mean), within(1e-6));
        assertThat(credit.name()).isEqualTo("token_returns of steps");
        assertThat(credit.readsTokenScores()).isTrue();
    }

    /** Steps 0.8, 0.2, 0.6 and 1: mean 0.65, deviation 0.341565; the first answer's tokens get (0.15 - 0.45) / d, then -0.45 / d. */
    @Test
    void groupRelative_sumsTheNormalizedStepsFromATokenOn() {
        double d = Math.sqrt((0.15 * 0.15 + 0.45 * 0.45 + 0.05 * 0.05 + 0.35 * 0.35) / 3) + 1e-4;
        List<double[]> found = new StepGroupRelative(true).assign(batch(0)).advantages();
        assertThat(found.get(0)).containsExactly(new double[] {-0.3 / d, -0.3 / d, -0.45 / d, -0.45 / d}, within(TINY));
        assertThat(found.get(1)).containsExactly(new double[] {-0.05 / d, -0.05 / d, 0}, within(TINY));
        assertThat(found.get(2)).containsExactly(new double[] {0.35 / d, 0.35 / d}, within(TINY));
        List<double[]> penalized =
                new StepGroupRelative(false).assign(batch(0.5)).advantages();
        assertThat(penalized.get(0))
                .containsExactly(new double[] {-0.3 - 0.5, -0.3 - 0.45, -0.45 - 0.35, -0.45 - 0.2}, within(TINY));
    }

    @Test
    void unscoredAndLonely_getNothing() {
        ScoredAnswers batch = new ScoredAnswers(
                        new double[] {0.5, Double.NaN, 0.7},
                        List.of(new double[2], new double[2], new double[1]),
                        new int[] {0, 0, 1},
                        0)
                .with(List.of(List.of(new TokenScore(0, 0.5)), List.of(), List.of(new TokenScore(0, 0.7))));
        assertThat(new StepGroupRelative(true).assign(batch).advantages())
                .allSatisfy(tokens -> assertThat(tokens).containsOnly(0));
    }
}
