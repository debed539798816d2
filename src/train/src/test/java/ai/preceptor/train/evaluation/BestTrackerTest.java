package ai.preceptor.train.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By hand, after transformers' {@code Trainer} and {@code EarlyStoppingCallback}. */
class BestTrackerTest {
    private static final double NAN = Double.NaN;

    /** Counts without improvement after each value. */
    private static List<Integer> counts(BestTracker tracker, double... values) {
        List<Integer> counts = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            tracker.add(i + 1, values[i]);
            counts.add(tracker.withoutImprovement());
        }
        return counts;
    }

    @Test
    void add_loss_lowerIsBetterAndOfEqualsTheFirst() {
        BestTracker tracker = new BestTracker("eval_loss", false, 0);
        assertThat(counts(tracker, 1, 0.5, 0.75, 0.5, 0.25, 0.25)).containsExactly(0, 0, 1, 2, 0, 1);
        assertThat(tracker.best()).isEqualTo(new BestModel("eval_loss", 5, 0.25));
    }

    @Test
    void add_reward_higherIsBetterAndOfEqualsTheFirst() {
        BestTracker tracker = new BestTracker("eval_reward", true, 0);
        assertThat(counts(tracker, -3, -2, -2, -4, -1)).containsExactly(0, 0, 1, 2, 0);
        assertThat(tracker.best()).isEqualTo(new BestModel("eval_reward", 5, -1));
    }

    /**
     * A threshold of 1/4: 7/8 is the best but no improvement over 1; 5/8 is 1/4 from the best, and not more; 1/4 is 3/8 from
     * it.
     */
    @Test
    void add_threshold_countsButDoesNotDecideWhichIsBest() {
        BestTracker tracker = new BestTracker("eval_loss", false, 0.25);
        assertThat(counts(tracker, 1, 0.875)).containsExactly(0, 1);
        assertThat(tracker.best()).isEqualTo(new BestModel("eval_loss", 2, 0.875));
        assertThat(tracker.add(3, 0.625)).isTrue();
        assertThat(tracker.withoutImprovement()).isEqualTo(2);
        assertThat(tracker.add(4, 0.25)).isTrue();
        assertThat(tracker.withoutImprovement()).isZero();
    }

    /** Infinities too, also where they would be the highest. */
    @Test
    void add_notFinite_isNeverBestNorAnImprovement() {
        BestTracker reward = new BestTracker("eval_reward", true, 0);
        assertThat(counts(reward, NAN, Double.POSITIVE_INFINITY)).containsExactly(1, 2);
        assertThat(reward.best()).isNull();
        assertThat(reward.add(3, 0)).isTrue();
        assertThat(reward.add(4, NAN)).isFalse();
        assertThat(reward.best()).isEqualTo(new BestModel("eval_reward", 3, 0));
        BestTracker loss = new BestTracker("eval_loss", false, 0);
        assertThat(counts(loss, 2, NAN, Double.NEGATIVE_INFINITY, 3)).containsExactly(0, 1, 2, 3);
        assertThat(loss.best()).isEqualTo(new BestModel("eval_loss", 1, 2));
    }
}
