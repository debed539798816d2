package ai.preceptor.dashboard.judge;

import ai.preceptor.data.Preference;

/** What a reward model thinks of a pair. */
@FunctionalInterface
public interface RewardMargins {
    /**
     * Reward of the chosen answer minus that of the rejected one, in the model's units. Always called by the same thread.
     *
     * @return NaN where the model cannot read the pair
     */
    double of(Preference pair);
}
