package ai.preceptor.train.sampling;

import ai.preceptor.data.Score;
import ai.preceptor.train.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Mean and standard deviation of raw scores, of the scorer and of each scorer that it is made of: TRL's {@code
 * rewards/NAME/mean} and {@code rewards/NAME/std}. Scores that were not given are left out. An answer that one of several
 * scorers could not score counts for the others.
 */
public final class ScoreStatistics {
    private ScoreStatistics() {}

    /**
     * The metrics of a batch.
     *
     * @param name the scorer's
     * @param scores one for each answer
     * @return a mean for every scorer that scored an answer, a deviation for every one that scored two
     */
    public static Map<String, Metric> of(String name, List<Score> scores) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        put(metrics, name, scores.stream().mapToDouble(Score::value).toArray());
        scores.stream()
                .flatMap(score -> score.parts().stream())
                .map(Score.Part::name)
                .distinct()
                .forEach(part -> put(metrics, part, values(part, scores)));
        return metrics;
    }

    private static double[] values(String name, List<Score> scores) {
        return scores.stream()
                .flatMap(score -> score.parts().stream())
                .filter(part -> part.name().equals(name))
                .mapToDouble(Score.Part::value)
                .toArray();
    }

    private static void put(Map<String, Metric> metrics, String name, double[] values) {
        Moments moments = Moments.of(values);
        if (moments.count() > 0) {
            metrics.put("rewards/" + name + "/mean", Metric.mean(moments.mean() * moments.count(), moments.count()));
        }
        if (moments.count() > 1) {
            metrics.put("rewards/" + name + "/std", Metric.mean(moments.deviation(), 1));
        }
    }
}
