package ai.preceptor.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlackettLuceRewardLossTest {

    private static final PlackettLuceRewardLoss PLAIN = new PlackettLuceRewardLoss();

    /** Rewards 2, 1, 0 in that order: log(e^2 + e + 1) - 2 + log(e + 1) - 1 = 0.407605964 + 0.313261688. */
    @Test
    void evaluate_threeAnswers_isTheHandWorkedValue() {
        RankedRewardLoss.Term term = PLAIN.evaluate(new double[] {1, 0, 2}, List.of(5.0, 1.0, 7.0));
        assertThat(term.loss()).isCloseTo(0.407605964 + 0.313261688, within(1e-9));
        // the best: e^2 / (e^2 + e + 1) - 1; the middle: e / (e^2 + e + 1) + e / (e + 1) - 1; the worst: the rest
        assertThat(term.slopes())
                .containsExactly(
                        new double[] {0.244728471 - 0.268941421, 0.090030573 + 0.268941421, 0.665240956 - 1},
                        within(1e-9));
    }

    /** Centring: 0.01 (2 x 1)^2 = 0.04, and by each of three rewards 0.01 x 2 x 2 x 2 / 3. */
    @Test
    void evaluate_centring_addsTheSquareOfTwiceTheMean() {
        double[] rewards = {1, 0, 2};
        List<Double> scores = List.of(5.0, 1.0, 7.0);
        RankedRewardLoss.Term plain = PLAIN.evaluate(rewards, scores);
        RankedRewardLoss.Term centred = new PlackettLuceRewardLoss(0.01).evaluate(rewards, scores);
        assertThat(centred.loss()).isCloseTo(plain.loss() + 0.04, within(1e-12));
        for (int i = 0; i < 3; i++) {
            assertThat(centred.slopes()[i]).isCloseTo(plain.slopes()[i] + 0.08 / 3, within(1e-12));
        }
    }

    /** The better two are tied: each is drawn against the third alone. */
    @Test
    void evaluate_ties_areNotContrasted() {
        RankedRewardLoss.Term term = PLAIN.evaluate(new double[] {1, 3, 0}, List.of(2.0, 2.0, 1.0));
        assertThat(term.loss()).isCloseTo(Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(-3)), within(1e-12));
    }

    @Test
    void evaluate_hugeRewards_stayFinite() {
        RankedRewardLoss.Term term = PLAIN.evaluate(new double[] {-900, 900}, List.of(1.0, 0.0));
        assertThat(term.loss()).isCloseTo(1800, within(1e-9));
        assertThat(term.slopes()).containsExactly(-1, 1);
    }

    @Test
    void constructor_refusesImpossibleNumbers() {
        assertThatThrownBy(() -> new PlackettLuceRewardLoss(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("center_rewards_coefficient: NaN");
        assertThatThrownBy(() -> PLAIN.evaluate(new double[] {1, 2}, List.of(1.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scores: 1 for 2 rewards, must be one per reward");
    }
}
