package ai.preceptor.dashboard.judge;

import ai.preceptor.data.Preference;
import java.util.List;

/** What a reward model thinks of pairs. */
@FunctionalInterface
public interface RewardMargins {
    /**
     * Rewards of the chosen answers minus those of the rejected ones, in the model's units. May be called by any thread, by one at
     * a time.
     *
     * @return one for each pair, in their order; NaN where the model cannot read a pair
     */
    List<Double> of(List<Preference> pairs);
}
