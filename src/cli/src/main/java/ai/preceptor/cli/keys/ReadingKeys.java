package ai.preceptor.cli.keys;

import java.util.LinkedHashMap;
import java.util.Map;

/** The keys of how rewards are read, which have no effect where no reward model scores. */
public final class ReadingKeys {
    private ReadingKeys() {}

    /**
     * The keys without effect, and what each has one with. {@code step_aggregation} is none of them: whether steps are scored
     * is known only when the reward model is.
     *
     * @param scored whether a reward model scores
     */
    public static Map<String, String> unused(boolean scored) {
        Map<String, String> unused = new LinkedHashMap<>();
        if (!scored) {
            unused.put("normalize_rewards", "reward_model");
            unused.put("reward_uncertainty_coef", "reward_model");
            unused.put("reward_length_coef", "reward_model");
        }
        return unused;
    }
}
