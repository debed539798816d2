package ai.preceptor.ranking.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.answer.SequenceScore;
import java.util.List;
import org.junit.jupiter.api.Test;

class RrhfLossTest {

    private static RankedAnswer answer(double logp, int tokens, double score) {
        return new RankedAnswer(logp, Double.NaN, tokens, score);
    }

    /**
     * Scores p: -8/4 = -2, -3/2 = -1.5, -2/2 = -1 with teacher's order 1 &gt; 0 &gt; 2. Violated: 2 over 1 by 0.5, 2 over 0
     * by 1. The best answer is 1: L_ft = 3.
     */
    @Test
    void evaluate_isTheHandWorkedValue() {
        GroupLossResult value =
                RrhfLoss.paper().evaluate(List.of(answer(-8, 4, 0.5), answer(-3, 2, 0.9), answer(-2, 2, 0.1)));
        assertThat(value.loss()).isCloseTo(1.5 + 3, within(1e-12));
        // by p: 0 loses 1, 1 loses 1, 2 gains 2; divided by the lengths; and -1 for every token of the best
        assertThat(value.gradient()).containsExactly(new double[] {-0.25, -0.5 - 1, 1}, within(1e-12));
        assertThat(value.rewards()).containsExactly(new double[] {-2, -1.5, -1}, within(1e-12));
        assertThat(value.metrics()).containsEntry("nll_loss", 1.5);
    }

    @Test
    void evaluate_correctOrder_hasNoRankingTerm() {
        RrhfLoss paper = RrhfLoss.paper();
        GroupLossResult value = paper.evaluate(List.of(answer(-2, 2, 3), answer(-4, 2, 2), answer(-9, 3, 1)));
        assertThat(value.loss()).isCloseTo(2, within(1e-12));
        assertThat(value.gradient()).containsExactly(new double[] {-1, 0, 0}, within(1e-12));
    }

    @Test
    void evaluate_weightAndMeanReduction_scaleTheirTerms() {
        List<RankedAnswer> answers = List.of(answer(-8, 4, 0.9), answer(-3, 3, 0.5));
        assertThat(new RrhfLoss(1, SequenceScore.MEAN, SftReduction.MEAN)
                        .evaluate(answers)
                        .loss())
                .isCloseTo(1 + 2, within(1e-12));
        assertThat(new RrhfLoss(10, SequenceScore.MEAN, SftReduction.MEAN)
                        .evaluate(answers)
                        .loss())
                .isCloseTo(10 + 2, within(1e-12));
    }

    /** Sums: -8 against -3. Half power: -8 / 2 = -4 against -3 / sqrt(3). */
    @Test
    void evaluate_lengthPenalty_isTheExponentOfTheLength() {
        List<RankedAnswer> answers = List.of(answer(-8, 4, 0.9), answer(-3, 3, 0.5));
        assertThat(new RrhfLoss(1, SequenceScore.SUM, SftReduction.SUM)
                        .evaluate(answers)
                        .loss())
                .isCloseTo(5 + 8, within(1e-12));
        assertThat(new RrhfLoss(1, new SequenceScore(0.5), SftReduction.SUM)
                        .evaluate(answers)
                        .loss())
                .isCloseTo(4 - 3 / Math.sqrt(3) + 8, within(1e-12));
    }

    @Test
    void evaluate_ties_areNotRankedAndTheFirstBestIsLearnt() {
        GroupLossResult value = RrhfLoss.paper().evaluate(List.of(answer(-8, 4, 1), answer(-3, 3, 1)));
        assertThat(value.loss()).isCloseTo(8, within(1e-12));
        assertThat(value.gradient()).containsExactly(new double[] {-1, 0}, within(1e-12));
    }

    @Test
    void constructor_refusesImpossibleNumbers() {
        assertThatThrownBy(() -> new RrhfLoss(-1, SequenceScore.MEAN, SftReduction.SUM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rrhf_weight: -1.0");
        assertThatThrownBy(() -> new SequenceScore(-0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length_penalty: -0.5");
    }
}
