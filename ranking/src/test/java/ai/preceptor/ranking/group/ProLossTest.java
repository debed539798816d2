package ai.preceptor.ranking.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProLossTest {

    private static final ProLoss PLAIN = new ProLoss(ProTemperature.NONE, 0);
    private static final ProLoss SHARPENED = new ProLoss(ProTemperature.REWARD, 0);

    private static RankedAnswer answer(double mean, int tokens, double score) {
        return new RankedAnswer(mean * tokens, Double.NaN, tokens, score);
    }

    /** s = -1, -2, -3 best first: log(e^-1 + e^-2 + e^-3) + 1 = 0.407605964; log(e^-2 + e^-3) + 2 = 0.313261688. */
    @Test
    void evaluate_plain_isTheHandWorkedValue() {
        GroupLossResult value = PLAIN.evaluate(List.of(answer(-3, 2, 0), answer(-1, 4, 2), answer(-2, 1, 1)));
        assertThat(value.loss()).isCloseTo(0.407605964 + 0.313261688, within(1e-9));
        assertThat(value.rewards()).containsExactly(new double[] {-3, -1, -2}, within(1e-12));
    }

    @Test
    void evaluate_twoAnswers_isTheirPairwiseSoftmax() {
        double loss = PLAIN.evaluate(List.of(answer(-1.5, 3, 0.7), answer(-0.5, 2, 0.2)))
                .loss();
        assertThat(loss).isCloseTo(Math.log1p(Math.exp(-0.5 + 1.5)), within(1e-12));
    }

    /** With two answers both are sharpened by r_1 - r_2 = 0.5: the softmax of halved scores. */
    @Test
    void evaluate_twoAnswersWithRewardTemperature_isTheSharpenedSoftmax() {
        double loss = SHARPENED
                .evaluate(List.of(answer(-1.5, 3, 0.7), answer(-0.5, 2, 0.2)))
                .loss();
        assertThat(loss).isCloseTo(Math.log1p(Math.exp(0.5 * (-0.5 + 1.5))), within(1e-12));
    }

    /** K = 3: 0.05 x 2^2 x 4 tokens x 1 nat on top of the plain loss. */
    @Test
    void evaluate_sftWeight_countsTheSquareOfTheLinks() {
        List<RankedAnswer> answers = List.of(answer(-3, 2, 0), answer(-1, 4, 2), answer(-2, 1, 1));
        GroupLossResult with = new ProLoss(ProTemperature.NONE, 0.05).evaluate(answers);
        assertThat(with.loss() - PLAIN.evaluate(answers).loss()).isCloseTo(0.8, within(1e-12));
        assertThat(with.metrics()).containsEntry("nll_loss", 1.0);
    }

    @Test
    void evaluate_improvingOrder_costsLess() {
        List<RankedAnswer> right = List.of(answer(-1, 2, 3), answer(-2, 2, 2), answer(-3, 2, 1));
        List<RankedAnswer> swapped = List.of(answer(-2, 2, 3), answer(-1, 2, 2), answer(-3, 2, 1));
        List<RankedAnswer> reversed = List.of(answer(-3, 2, 3), answer(-2, 2, 2), answer(-1, 2, 1));
        assertThat(PLAIN.evaluate(right).loss())
                .isLessThan(PLAIN.evaluate(swapped).loss());
        assertThat(PLAIN.evaluate(swapped).loss())
                .isLessThan(PLAIN.evaluate(reversed).loss());
    }

    /** Equal scores in the order given: the first answer against the second, log(1 + e^(-2 + 1)). */
    @Test
    void evaluate_ties_rankInTheOrderGiven() {
        GroupLossResult tie = PLAIN.evaluate(List.of(answer(-1, 2, 1), answer(-2, 2, 1)));
        assertThat(tie.loss()).isCloseTo(Math.log1p(Math.exp(-1)), within(1e-12));
    }

    /** The difference of equal scores is 0, so both exponents are: log 2, whatever the policy says. */
    @Test
    void evaluate_tiesWithRewardTemperature_areAConstant() {
        GroupLossResult tie = SHARPENED.evaluate(List.of(answer(-1, 2, 1), answer(-2, 2, 1)));
        assertThat(tie.loss()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(tie.gradient()).containsOnly(0);
    }

    @Test
    void evaluate_skippedTies_areNoContrast() {
        ProLoss skipping = new ProLoss(ProTemperature.NONE, 0, ProTies.SKIP);
        GroupLossResult tie = skipping.evaluate(List.of(answer(-1, 2, 1), answer(-2, 2, 1)));
        assertThat(tie.loss()).isZero();
        assertThat(tie.gradient()).containsOnly(0);
        double two = skipping.evaluate(List.of(answer(-1, 2, 1), answer(-2, 2, 1), answer(-3, 2, 0)))
                .loss();
        assertThat(two).isCloseTo(Math.log1p(Math.exp(-3 + 1)) + Math.log1p(Math.exp(-3 + 2)), within(1e-12));
    }

    /** 900 x 500 - 2 x 499: the sharpest contrast of the best answer is with the worst, 500 apart. */
    @Test
    void evaluate_veryUnlikelyAnswers_staysFinite() {
        GroupLossResult value = SHARPENED.evaluate(List.of(answer(-900, 2, 500), answer(-2, 2, 1), answer(-800, 2, 0)));
        assertThat(value.loss()).isCloseTo(450_000 - 998, within(1e-6));
        assertThat(value.gradient()).doesNotContain(Double.NaN);
    }

    @Test
    void constructor_refusesImpossibleNumbers() {
        assertThatThrownBy(() -> new ProLoss(ProTemperature.NONE, -0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sft_weight: -0.1");
    }
}
