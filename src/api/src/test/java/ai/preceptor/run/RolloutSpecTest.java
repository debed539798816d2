package ai.preceptor.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.rollout.RolloutPlan;
import ai.preceptor.rollout.RolloutSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RolloutSpecTest {
    /** A request is a whole batch where the student itself samples, and batches of hours are legal. */
    @Test
    void plan_samplerThatCountsItsSteps_isGivenADay() {
        RolloutPlan plan = RolloutSpec.plan(RolloutSettings.defaults(), 8, 4, 1, false);

        assertThat(plan.generation().deadline()).isEqualTo(Duration.ofDays(1));
        assertThat(plan.learnerDeadline()).isGreaterThan(plan.generation().deadline());
        assertThat(plan.heartbeatTimeout()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void plan_servers_areGivenAnHour() {
        assertThat(RolloutSpec.plan(RolloutSettings.defaults(), 8, 4, 1, true)
                        .generation()
                        .deadline())
                .isEqualTo(Duration.ofHours(1));
    }
}
