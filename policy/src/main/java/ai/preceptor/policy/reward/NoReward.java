package ai.preceptor.policy.reward;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.train.Metric;
import java.util.List;
import java.util.Map;

/** In the place of a scorer where a policy learns without a reward: 0 for every answer, which no
 * metric and no sample tells. */
public final class NoReward implements Scorer {
    private static final String NAME = "none";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        return answers.stream().map(answer -> Score.of(0)).toList();
    }

    /** Whether this was the scorer of that name. */
    public static boolean isOf(String scorer) {
        return scorer.equals(NAME);
    }

    /** Takes the metrics of rewards out of those of a batch or an evaluation, if this was its scorer. */
    public static void hide(String scorer, Map<String, Metric> metrics) {
        if (isOf(scorer)) {
            metrics.keySet().removeIf(NoReward::isOfReward);
        }
    }

    private static boolean isOfReward(String name) {
        return name.equals("reward")
                || name.equals("reward_std")
                || name.equals("frac_reward_zero_std")
                || name.startsWith("rewards/")
                || name.startsWith("pass@")
                || name.startsWith("best@");
    }
}
