package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PolicyPlanTest {
    private static final int LARGEST = Integer.MAX_VALUE;

    /** 7 prompts by 2 are 4 batches of 6 answers, which 2 steps of 4 walk, three times. */
    @Test
    void steps_byHand() {
        PolicyPlan plan = new PolicyPlan(7, 0, 2, 3, 2, 2, 3);
        assertThat(plan.rowsPerStep()).isEqualTo(4);
        assertThat(plan.stepsPerPass(6)).isEqualTo(2);
        assertThat(plan.stepsPerPass(4)).isEqualTo(1);
        assertThat(plan.stepsPerPass(0)).isZero();
        assertThat(plan.stepsPerEpoch()).isEqualTo(24);
    }

    @Test
    void steps_beyondAnInt_areTheLargest() {
        assertThat(new PolicyPlan(LARGEST, 0, 1, 1, 1, 1, LARGEST).stepsPerEpoch())
                .isEqualTo(LARGEST);
        assertThat(new PolicyPlan(LARGEST, 0, LARGEST, 1, LARGEST, 1, 1).stepsPerEpoch())
                .isEqualTo(1);
        assertThat(new PolicyPlan(1, 0, 1, LARGEST, 1, 1, 1).stepsPerPass(LARGEST))
                .isEqualTo(LARGEST);
    }

    @Test
    void create_productsBeyondAnInt_areRefused() {
        assertThatThrownBy(() -> new PolicyPlan(9, 0, 1 << 16, 1 << 15, 1, 1, 1))
                .hasMessage("prompts per batch x samples per prompt: 2147483648, must be below 2^31");
        assertThatThrownBy(() -> new PolicyPlan(9, 0, 1, 1, LARGEST, LARGEST, 1))
                .hasMessageContaining("rows together x accumulation: ");
    }
}
