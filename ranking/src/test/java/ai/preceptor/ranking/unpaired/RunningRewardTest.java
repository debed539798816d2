package ai.preceptor.ranking.unpaired;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.collective.ThreadCollective;
import ai.preceptor.train.StepMetrics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunningRewardTest {
    /** Learner 0 has rewards 1 and 3, learner 1 has 8: the mean of all is 4, on both. */
    @Test
    void sum_ofTwoLearners_isTheMeanOfAll() throws Exception {
        List<Double> means = ThreadCollective.each(ThreadCollective.group(2), learners -> {
            RunningReward reward = new RunningReward();
            if (learners.rank() == 0) {
                reward.observe(4, 2);
            } else {
                reward.observe(8, 1);
            }
            reward.sum(learners);
            reward.onStep(new StepMetrics(1, 2, 1, 1, 1, 1, 1, 1, Map.of()));
            return reward.mean();
        });
        assertThat(means).containsExactly(4.0, 4.0);
    }
}
