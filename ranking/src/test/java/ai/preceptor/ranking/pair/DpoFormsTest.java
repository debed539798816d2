package ai.preceptor.ranking.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The forms of DPO on one pair worked by hand: log-ratios c = 2 and r = -1, lengths 4 and 2, beta 0.1; so z = 0.3, and
 * s(0.2) = 0.549833997, s(-0.1) = 0.475020813, s(0.3) = 0.574442517.
 */
class DpoFormsTest {

    private static final AnswerPair PAIR =
            new AnswerPair(new RankedAnswer(-18, -20, 4, 1), new RankedAnswer(-11, -10, 2, 0), 1);

    static Stream<Arguments> forms() {
        return Stream.of(
                Arguments.of(DpoLossType.HINGE, 0, 0.7), // 1 - 0.3
                Arguments.of(DpoLossType.IPO, 0, 16), // (2/4 + 1/2 - 5)^2
                Arguments.of(DpoLossType.SIGMOID_NORM, 0, 0.644396660), // log(1 + exp(-0.1))
                Arguments.of(DpoLossType.NCA_PAIR, 0, 1.319406634), // 0.598138869 + 0.798138869/2 + 0.644396660/2
                Arguments.of(DpoLossType.BCO_PAIR, 0, 1.242535529), // 0.598138869 + 0.644396660
                Arguments.of(DpoLossType.SPPO_HARD, 0, 25), // (2 - 5)^2 + (-1 + 5)^2
                Arguments.of(DpoLossType.APO_ZERO, 0, 0.925186816), // 1 - 0.549833997 + 0.475020813
                Arguments.of(DpoLossType.APO_DOWN, 0, 0.975391480), // 0.549833997 + 1 - 0.574442517
                Arguments.of(DpoLossType.SFT, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void terms_isTheHandWorkedValue(DpoLossType type, double smoothing, double expected) {
        assertThat(value(new DpoLoss(type, 0.1, smoothing))).isCloseTo(expected, within(1e-8));
    }

    /** q = s(0.3): q log(q / 0.9) + (1 - q) log((1 - q) / 0.1). */
    @Test
    void terms_exo_isADivergence() {
        double q = 1 / (1 + Math.exp(-0.3));
        double expected = q * Math.log(q / 0.9) + (1 - q) * Math.log((1 - q) / 0.1);
        assertThat(value(new DpoLoss(DpoLossType.EXO_PAIR, 0.1, 0.1))).isCloseTo(expected, within(1e-12));
    }

    /** m = s(0.3 / 0.05) = s(6): (1 - m) 0.554355244 + m exp(-0.3). */
    @Test
    void terms_discopop_mixes() {
        double m = 1 / (1 + Math.exp(-6));
        assertThat(value(new DpoLoss(DpoLossType.DISCOPOP, 0.1, 0)))
                .isCloseTo((1 - m) * 0.554355244 + m * Math.exp(-0.3), within(1e-9));
    }

    /** Wrong by far: the exponential would be infinite, its share 0. */
    @Test
    void terms_discopop_staysFiniteOnBothSides() {
        for (double logratio : new double[] {-30_000, 30_000}) {
            AnswerPair far =
                    new AnswerPair(new RankedAnswer(logratio - 20, -20, 4, 1), new RankedAnswer(-10, -10, 2, 0), 1);
            PairTerm term = new DpoLoss(DpoLossType.DISCOPOP, 0.1, 0)
                    .terms(List.of(far))
                    .get(0);
            assertThat(term.loss()).isFinite().isGreaterThanOrEqualTo(0);
            assertThat(term.chosenSlope()).isFinite();
        }
    }

    /** Two pairs: policy margins 3 and 1, the reference's 0 and 2; sorted 1, 3 against 0, 2, both distances 1. */
    @Test
    void terms_transport_comparesByRank() {
        AnswerPair first = new AnswerPair(new RankedAnswer(-7, -10, 3, 1), new RankedAnswer(-10, -10, 3, 0), 0.5);
        AnswerPair second = new AnswerPair(new RankedAnswer(-9, -8, 3, 1), new RankedAnswer(-10, -10, 3, 0), 0.5);
        List<PairTerm> terms = new DpoLoss(DpoLossType.AOT, 0.1, 0).terms(List.of(first, second));
        double each = Math.log1p(Math.exp(-0.1));
        assertThat(terms.get(0).loss() + terms.get(1).loss()).isCloseTo(each, within(1e-12));
        assertThat(terms.get(0).chosenSlope()).isCloseTo(-0.05 / (1 + Math.exp(0.1)), within(1e-12));
        assertThat(terms.get(0).rejectedSlope()).isCloseTo(0.05 / (1 + Math.exp(0.1)), within(1e-12));
    }

    /** f' of each divergence at t = e^2: 2, 1 - e^-2, log 2 + log s(2), (e^-1 - 1) / -0.5. */
    @ParameterizedTest
    @CsvSource({
        "REVERSE_KL, 2",
        "FORWARD_KL, 0.864664717",
        "JS_DIVERGENCE, 0.566219170",
        "ALPHA_DIVERGENCE, 1.264241118"
    })
    void divergence_isTheHandWorkedScore(FDivergence divergence, double expected) {
        assertThat(divergence.score(2, 0.5)).isCloseTo(expected, within(1e-8));
        assertThat(divergence.score(0, 0.5)).isCloseTo(0, within(1e-12));
    }

    @Test
    void mixture_addsUpWeighted() {
        DpoLoss mixture = new DpoLoss(
                List.of(new DpoLoss.Form(DpoLossType.SIGMOID, 0.8), new DpoLoss.Form(DpoLossType.SFT, 0.2)),
                0.1,
                0,
                FDivergence.REVERSE_KL,
                0.5,
                0.05);
        assertThat(value(mixture)).isCloseTo(0.8 * 0.554355244, within(1e-9));
        assertThat(mixture.imitation()).isEqualTo(0.2);
    }

    @Test
    void constructor_refusesWhatTrlRefuses() {
        assertThatThrownBy(() -> new DpoLoss(DpoLossType.EXO_PAIR, 0.1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label_smoothing: 0.0");
        assertThatThrownBy(() -> new DpoLoss(
                        List.of(new DpoLoss.Form(DpoLossType.NCA_PAIR, 1)), 0.1, 0, FDivergence.FORWARD_KL, 0.5, 0.05))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("f_divergence_type: forward_kl with nca_pair");
        assertThatThrownBy(() ->
                        PairObjective.ofPreferences(new DpoLoss(DpoLossType.AOT, 0.1, 0), new PairOptions(null, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use_weighting");
        assertThatThrownBy(() -> new PairOptions(1.5, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ld_alpha: 1.5");
    }

    private static double value(DpoLoss loss) {
        return loss.terms(List.of(PAIR)).get(0).loss();
    }
}
