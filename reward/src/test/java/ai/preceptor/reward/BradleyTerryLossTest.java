package ai.preceptor.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BradleyTerryLossTest {

    private static final BradleyTerryLoss PLAIN = new BradleyTerryLoss();

    /** ln(1 + e^-0.3) and -1 / (1 + e^0.3), as for a DPO logit of 0.3. */
    @Test
    void evaluate_plain_isTheHandWorkedValue() {
        BradleyTerryLoss.Term term = PLAIN.evaluate(1.5, 1.2, 0);
        assertThat(term.loss()).isCloseTo(0.554355244, within(1e-9));
        assertThat(term.chosenSlope()).isCloseTo(-0.425557483, within(1e-9));
        assertThat(term.rejectedSlope()).isCloseTo(0.425557483, within(1e-9));
    }

    @Test
    void evaluate_margin_isSubtractedFromTheDifference() {
        assertThat(PLAIN.evaluate(1.5, 0.7, 0.5).loss())
                .isCloseTo(PLAIN.evaluate(1.5, 1.2, 0).loss(), within(1e-12));
    }

    /** 0.01 (1.5 + 1.2)^2 = 0.0729; its slope by either reward 0.02 x 2.7 = 0.054. */
    @Test
    void evaluate_centring_addsTheSquareOfTheLevel() {
        BradleyTerryLoss.Term term = new BradleyTerryLoss(0.01).evaluate(1.5, 1.2, 0);
        assertThat(term.loss()).isCloseTo(0.554355244 + 0.0729, within(1e-9));
        assertThat(term.chosenSlope()).isCloseTo(-0.425557483 + 0.054, within(1e-9));
        assertThat(term.rejectedSlope()).isCloseTo(0.425557483 + 0.054, within(1e-9));
    }

    @Test
    void evaluate_shiftedRewards_costTheSameWithoutCentring() {
        assertThat(PLAIN.evaluate(101.5, 101.2, 0).loss())
                .isCloseTo(PLAIN.evaluate(1.5, 1.2, 0).loss(), within(1e-12));
    }

    @Test
    void evaluate_swappedPair_negatesTheLogit() {
        assertThat(PLAIN.evaluate(1.2, 1.5, 0).loss()
                        - PLAIN.evaluate(1.5, 1.2, 0).loss())
                .isCloseTo(0.3, within(1e-12));
    }

    @Test
    void evaluate_growingDifference_costsLessAndLess() {
        double before = Double.POSITIVE_INFINITY;
        for (double difference = -30; difference <= 30; difference += 0.5) {
            double loss = PLAIN.evaluate(difference, 0, 0).loss();
            assertThat(loss).as("difference %s", difference).isLessThan(before).isPositive();
            before = loss;
        }
    }

    @Test
    void constructor_refusesImpossibleNumbers() {
        assertThatThrownBy(() -> new BradleyTerryLoss(-0.01))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("center_rewards_coefficient: -0.01");
    }
}
