package ai.preceptor.train.sampling;

import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.train.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** TRL's metrics of a batch of samples: rewards and lengths. */
public final class RolloutStatistics {

    private RolloutStatistics() {}

    /** The metrics of a batch of at least one trajectory; {@code scores} holds the raw scores, without penalties. */
    public static Map<String, Metric> of(List<Trajectory> trajectories, Groups scores) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        Moments moments = Moments.of(scores.rewards());
        int unscored = trajectories.size() - moments.count();
        if (moments.count() > 0) {
            metrics.put("reward", Metric.mean(moments.mean() * moments.count(), moments.count()));
        }
        if (moments.count() > 1) {
            metrics.put("reward_std", Metric.mean(moments.deviation(), 1));
        }
        trajectories.stream()
                .mapToInt(one -> one.score().tokenScores().size())
                .filter(steps -> steps > 0)
                .forEach(steps -> metrics.merge("completions/mean_steps", Metric.mean(steps, 1), Metric::merge));
        metrics.put("frac_reward_zero_std", Metric.mean(scores.shareWithoutSpread(), 1));
        metrics.put("completions/unscored_ratio", Metric.mean(unscored, trajectories.size()));
        lengths(metrics, "length", trajectories);
        List<Trajectory> ended = trajectories.stream()
                .filter(trajectory -> trajectory.completion().finishReason() == FinishReason.STOP)
                .toList();
        metrics.put("completions/clipped_ratio", Metric.mean(trajectories.size() - ended.size(), trajectories.size()));
        lengths(metrics, "terminated_length", ended);
        tools(metrics, trajectories);
        return metrics;
    }

    /** Calls an answer, and the share of calls that failed; nothing where there were no tools. */
    private static void tools(Map<String, Metric> metrics, List<Trajectory> trajectories) {
        for (Trajectory trajectory : trajectories) {
            ToolTurns turns = trajectory.completion().turns();
            if (turns != null) {
                metrics.merge("tools/call_frequency", Metric.mean(turns.calls(), 1), Metric::merge);
                if (turns.calls() > 0) {
                    metrics.merge(
                            "tools/failure_frequency", Metric.mean(turns.failures(), turns.calls()), Metric::merge);
                }
            }
        }
    }

    private static void lengths(Map<String, Metric> metrics, String name, List<Trajectory> of) {
        for (Trajectory trajectory : of) {
            double length = trajectory.completion().length();
            metrics.merge("completions/mean_" + name, Metric.mean(length, 1), Metric::merge);
            metrics.merge("completions/min_" + name, Metric.min(length), Metric::merge);
            metrics.merge("completions/max_" + name, Metric.max(length), Metric::merge);
        }
    }
}
