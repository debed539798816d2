package ai.preceptor.ranking.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.group.GroupLossResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class DpoLossTest {

    private static final DpoLoss SIGMOID = DpoLoss.sigmoid(0.1);

    private static RankedAnswer answer(double logratio, double score) {
        return new RankedAnswer(-20 + logratio, -20, 5, score);
    }

    private static GroupLossResult pair(DpoLoss loss, double chosenLogratio, double rejectedLogratio) {
        return GroupAsPairs.evaluate(loss, List.of(answer(chosenLogratio, 1), answer(rejectedLogratio, 0)));
    }

    /** z = 0.1 (2 - (-1)) = 0.3; L = ln(1 + e^-0.3); dL/dh = -0.1 / (1 + e^0.3). */
    @Test
    void evaluate_sigmoid_isTheHandWorkedValue() {
        GroupLossResult value = pair(SIGMOID, 2, -1);
        assertThat(value.loss()).isCloseTo(0.554355244, within(1e-9));
        assertThat(value.gradient()[0]).isCloseTo(-0.0425557483, within(1e-9));
        assertThat(value.gradient()[1]).isCloseTo(0.0425557483, within(1e-9));
        assertThat(value.rewards()).containsExactly(new double[] {0.2, -0.1}, within(1e-12));
    }

    @Test
    void evaluate_atTheReference_costsLogTwo() {
        assertThat(pair(SIGMOID, 0, 0).loss()).isCloseTo(Math.log(2), within(1e-12));
    }

    @Test
    void evaluate_growingMargin_costsLessAndLess() {
        double before = Double.POSITIVE_INFINITY;
        for (double margin = -400; margin <= 400; margin += 10) {
            double loss = pair(SIGMOID, margin, 0).loss();
            assertThat(loss).as("margin %s", margin).isLessThan(before).isNotNegative();
            before = loss;
        }
    }

    /** -log s(-z) + log s(z) = z: exchanging the answers negates the logit and nothing else. */
    @Test
    void evaluate_swappedPair_negatesTheLogit() {
        double logit = 0.1 * (3.5 - 1.25);
        assertThat(pair(SIGMOID, 1.25, 3.5).loss() - pair(SIGMOID, 3.5, 1.25).loss())
                .isCloseTo(logit, within(1e-12));
    }

    @Test
    void evaluate_extremeMargins_staysExact() {
        assertThat(pair(SIGMOID, -50_000, 0).loss()).isCloseTo(5000, within(1e-9));
        assertThat(pair(SIGMOID, 50_000, 0).loss()).isZero();
        assertThat(pair(SIGMOID, -50_000, 0).gradient()[0]).isCloseTo(-0.1, within(1e-12));
    }

    /** z = 0.3, e = 0.1: 0.9 x 0.554355244 + 0.1 x 0.854355244. */
    @Test
    void evaluate_cdpo_isTheHandWorkedValue() {
        assertThat(pair(new DpoLoss(DpoLossType.CDPO, 0.1, 0.1), 2, -1).loss()).isCloseTo(0.584355244, within(1e-9));
    }

    /** The smoothed loss has its minimum where sigmoid(z) = 1 - e, a finite margin. */
    @Test
    void evaluate_cdpo_isFlatWhereTheProbabilityIsOneMinusTheSmoothing() {
        double logit = Math.log(0.9 / 0.1);
        GroupLossResult value = pair(new DpoLoss(DpoLossType.CDPO, 0.1, 0.1), logit / 0.1, 0);
        assertThat(value.gradient()[0]).isCloseTo(0, within(1e-12));
    }

    /** z = 0.3, e = 0.1: (0.9 x 0.554355244 - 0.1 x 0.854355244) / 0.8. */
    @Test
    void evaluate_robust_isTheHandWorkedValue() {
        assertThat(pair(new DpoLoss(DpoLossType.ROBUST, 0.1, 0.1), 2, -1).loss())
                .isCloseTo(0.516855244, within(1e-9));
    }

    /** Averaged over labels that are flipped with probability e, the robust loss is the loss on clean labels. */
    @Test
    void evaluate_robustOnNoisyLabels_isUnbiased() {
        DpoLoss robust = new DpoLoss(DpoLossType.ROBUST, 0.1, 0.2);
        double expected =
                0.8 * pair(robust, 2, -1).loss() + 0.2 * pair(robust, -1, 2).loss();
        assertThat(expected).isCloseTo(pair(SIGMOID, 2, -1).loss(), within(1e-12));
    }

    @Test
    void evaluate_sigmoidWithSmoothing_ignoresItAsTrlDoes() {
        assertThat(pair(new DpoLoss(DpoLossType.SIGMOID, 0.1, 0.1), 2, -1).loss())
                .isEqualTo(pair(SIGMOID, 2, -1).loss());
    }

    @Test
    void evaluate_groupOfThree_isTheMeanOfItsPairs() {
        GroupLossResult value = GroupAsPairs.evaluate(SIGMOID, List.of(answer(0.5, 2), answer(4, 7), answer(-3, -1)));
        double pairs = pair(SIGMOID, 4, 0.5).loss()
                + pair(SIGMOID, 4, -3).loss()
                + pair(SIGMOID, 0.5, -3).loss();
        assertThat(value.loss()).isCloseTo(pairs / 3, within(1e-12));
    }

    @Test
    void evaluate_tiedAnswers_makeNoPair() {
        GroupLossResult value = GroupAsPairs.evaluate(SIGMOID, List.of(answer(1, 2), answer(4, 2), answer(-3, 0)));
        assertThat(value.loss())
                .isCloseTo((pair(SIGMOID, 1, -3).loss() + pair(SIGMOID, 4, -3).loss()) / 2, within(1e-12));
        GroupLossResult tie = GroupAsPairs.evaluate(SIGMOID, List.of(answer(1, 2), answer(4, 2)));
        assertThat(tie.loss()).isZero();
        assertThat(tie.gradient()).containsOnly(0);
    }

    @Test
    void constructor_refusesImpossibleNumbers() {
        assertThatThrownBy(() -> DpoLoss.sigmoid(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beta: 0.0");
        assertThatThrownBy(() -> DpoLoss.sigmoid(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DpoLoss(DpoLossType.ROBUST, 0.1, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label_smoothing: 0.5");
    }
}
