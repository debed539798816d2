package ai.preceptor.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CreditAssignmentTest {

    private static final CreditAssignment RETURNS = new CreditAssignment.TokenReturns();

    private static List<double[]> advantages(
            CreditAssignment credit, double[] scores, List<double[]> kl, int[] groups, double beta) {
        return credit.assign(new ScoredAnswers(scores, kl, groups, beta)).advantages();
    }

    /**
     * Beta 2. First answer: rewards -2, -2 + 3 give returns -1, 1. Second: reward 5 - 2 gives 3. Mean of the three tokens 1,
     * sample variance (4 + 0 + 4) / 2.
     */
    @Test
    void tokenReturns_areRewardsToGo_whitenedOverTheBatch() {
        List<double[]> advantages = advantages(
                RETURNS, new double[] {3, 5}, List.of(new double[] {1, 1}, new double[] {1}), new int[] {0, 1}, 2);
        double unit = Math.sqrt(2.0 / 8);
        assertThat(advantages.get(0)).containsExactly(new double[] {-2 * unit, 0}, within(1e-8));
        assertThat(advantages.get(1)).containsExactly(new double[] {2 * unit}, within(1e-8));
    }

    @Test
    void tokenReturns_unscored_getsZerosAndMovesNobody() {
        List<double[]> divergences = List.of(new double[2], new double[3], new double[1]);
        int[] groups = {0, 1, 2};
        List<double[]> all = advantages(RETURNS, new double[] {1, Double.NaN, 4}, divergences, groups, 0);
        List<double[]> without = advantages(
                RETURNS, new double[] {1, 4}, List.of(divergences.get(0), divergences.get(2)), new int[] {0, 2}, 0);
        assertThat(all.get(1)).containsExactly(0, 0, 0);
        assertThat(all.get(0)).containsExactly(without.get(0));
        assertThat(all.get(2)).containsExactly(without.get(1));
    }

    /** A penalty in the future of a token counts against it, one in its past does not. */
    @Test
    void tokenReturns_penaltyAtAToken_lowersItAndThoseBeforeIt() {
        double[] plain = advantages(RETURNS, new double[] {1}, List.of(new double[] {0, 0, 0}), new int[] {0}, 1)
                .get(0);
        double[] penalized = advantages(RETURNS, new double[] {1}, List.of(new double[] {0, 1, 0}), new int[] {0}, 1)
                .get(0);
        assertThat(plain).containsExactly(0, 0, 0);
        assertThat(penalized[0]).isEqualTo(penalized[1]).isNegative();
        assertThat(penalized[2]).isPositive();
    }

    /** Rewards 1 - 0.5 (1 + 1) = 0 and 4 - 0.5 (2) = 3: against each other -3 and 3, at every token. */
    @Test
    void wholeAnswer_subtractsTheSummedPenalty_andSpreadsOneAdvantage() {
        CreditAssignment whole = new CreditAssignment.WholeAnswer(new Advantages.LeaveOneOut(false));
        List<double[]> advantages = advantages(
                whole, new double[] {1, 4}, List.of(new double[] {1, 1}, new double[] {2}), new int[] {0, 0}, 0.5);
        assertThat(advantages.get(0)).containsExactly(-3, -3);
        assertThat(advantages.get(1)).containsExactly(3);
        assertThat(whole.fewestScored()).isEqualTo(2);
        assertThat(RETURNS.fewestScored()).isEqualTo(1);
    }
}
