package ai.preceptor.policy.credit;

import ai.preceptor.data.Trajectory;
import ai.preceptor.train.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the greedy answers to the prompts of a batch were worth.
 *
 * @param byGroup the greedy answer to each prompt
 */
public record GreedyScores(Map<Integer, Trajectory> byGroup) {

    /** One greedy answer to each prompt of a batch. */
    public static GreedyScores of(List<Trajectory> batch, GreedyAnswers greedy) {
        Map<Integer, Trajectory> asked = new LinkedHashMap<>();
        batch.forEach(one -> asked.putIfAbsent(one.group(), one));
        Map<Integer, Trajectory> byGroup = new LinkedHashMap<>();
        greedy.to(List.copyOf(asked.values())).forEach(one -> byGroup.put(one.group(), one));
        return new GreedyScores(byGroup);
    }

    /** The score of the greedy answer to a prompt; not a number if it has none. */
    public double of(int group) {
        Trajectory answer = byGroup.get(group);
        return answer == null ? Double.NaN : answer.score().value();
    }

    /** For each answer, the score of the greedy answer to its prompt. */
    public double[] of(List<Trajectory> batch) {
        return batch.stream().mapToDouble(one -> of(one.group())).toArray();
    }

    /** {@code reward_greedy}, the mean over the prompts whose greedy answers have a score. */
    public Metric mean() {
        double sum = 0;
        int count = 0;
        for (Trajectory one : byGroup.values()) {
            if (one.score().isScored()) {
                sum += one.score().value();
                count++;
            }
        }
        return Metric.mean(sum, count);
    }
}
