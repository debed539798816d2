package ai.preceptor.ranking.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** CPO, SimPO, AlphaPO and ORPO by hand: summed log-probabilities -4 of 4 tokens and -6 of 3, so means -1 and -2. */
class ReferenceFreeLossTest {

    private static final AnswerPair PAIR =
            new AnswerPair(new RankedAnswer(-4, Double.NaN, 4, 1), new RankedAnswer(-6, Double.NaN, 3, 0), 1);

    private static PairTerm term(PairLoss loss) {
        return loss.terms(List.of(PAIR)).get(0);
    }

    /** z = 0.1 (-4 + 6) = 0.2. */
    @Test
    void cpo_isTheHandWorkedValue() {
        PairTerm term = term(new CpoLoss(CpoLossType.SIGMOID, 0.1, 0, 0.5, 1, 0));
        assertThat(term.loss()).isCloseTo(Math.log1p(Math.exp(-0.2)), within(1e-12));
        assertThat(term.chosenSlope()).isCloseTo(-0.1 / (1 + Math.exp(0.2)), within(1e-12));
        assertThat(term.chosenReward()).isCloseTo(-0.4, within(1e-12));
    }

    /** z = 2 (-1 + 2) - 0.5 = 1.5; each token of the four moves the mean by a quarter. */
    @Test
    void simpo_isTheHandWorkedValue() {
        PairTerm term = term(CpoLoss.simpo(2, 0.5));
        assertThat(term.loss()).isCloseTo(Math.log1p(Math.exp(-1.5)), within(1e-12));
        assertThat(term.chosenSlope()).isCloseTo(-2.0 / 4 / (1 + Math.exp(1.5)), within(1e-12));
        assertThat(term.rejectedSlope()).isCloseTo(2.0 / 3 / (1 + Math.exp(1.5)), within(1e-12));
    }

    /** alpha 0.5: r = (1 - e^0.5) / 0.5 and (1 - e) / 0.5. */
    @Test
    void alphaPo_bendsTheReward() {
        PairTerm term = term(new CpoLoss(CpoLossType.SIMPO, 1, 0, 0, 0, 0.5));
        double margin = 2 * (Math.E - Math.exp(0.5));
        assertThat(term.loss()).isCloseTo(Math.log1p(Math.exp(-margin)), within(1e-12));
        assertThat(term.chosenReward()).isCloseTo(2 * (1 - Math.exp(0.5)), within(1e-12));
    }

    @Test
    void alphaPo_smallBend_isSimpo() {
        assertThat(term(new CpoLoss(CpoLossType.SIMPO, 2, 0, 0.5, 0, 1e-9)).loss())
                .isCloseTo(term(CpoLoss.simpo(2, 0.5)).loss(), within(1e-8));
    }

    /** log odds: log(p/(1 - p)) at p = e^-1 and e^-2. */
    @Test
    void orpo_isTheHandWorkedValue() {
        double chosen = Math.exp(-1) / (1 - Math.exp(-1));
        double rejected = Math.exp(-2) / (1 - Math.exp(-2));
        double logOdds = Math.log(chosen / rejected);
        PairTerm term = term(new OrpoLoss(0.1));
        assertThat(term.metrics().get("log_odds_chosen")).isCloseTo(logOdds, within(1e-12));
        assertThat(term.metrics().get("log_odds_ratio")).isCloseTo(-Math.log1p(Math.exp(-logOdds)), within(1e-12));
        assertThat(term.loss()).isCloseTo(0.1 * Math.log1p(Math.exp(-logOdds)), within(1e-12));
        assertThat(term.chosenReward()).isCloseTo(-0.1, within(1e-12));
    }

    @Test
    void constructors_refuseImpossibleNumbers() {
        assertThatThrownBy(() -> new OrpoLoss(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beta: 0.0");
        assertThatThrownBy(() -> new CpoLoss(CpoLossType.SIGMOID, 0.1, 0, 0.5, -1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cpo_alpha: -1.0");
        assertThatThrownBy(() -> new CpoLoss(CpoLossType.SIGMOID, 0.1, 0.5, 0.5, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label_smoothing: 0.5");
    }
}
