package ai.preceptor.policy.credit;

import ai.preceptor.data.Trajectory;
import ai.preceptor.train.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the greedy answers to the prompts of a batch were worth.
 *
 * @param byGroup the greedy answer to each prompt
 * @param rewards by prompt what it earned, penalties and bounds included; not a number where unscored
 */
public record GreedyScores(Map<Integer, Trajectory> byGroup, Map<Integer, Double> rewards) {

    /**
     * One greedy answer to each prompt of a batch.
     *
     * @param shaped makes rewards of scored answers, as for those that were sampled
     */
    public static GreedyScores of(
            List<Trajectory> batch, GreedyAnswers greedy, Function<List<Trajectory>, double[]> shaped) {
        Map<Integer, Trajectory> asked = new LinkedHashMap<>();
        batch.forEach(one -> asked.putIfAbsent(one.group(), one));
        Map<Integer, Trajectory> byGroup = new LinkedHashMap<>();
        List<Trajectory> answers = greedy.to(List.copyOf(asked.values()));
        double[] earned = shaped.apply(answers);
        Map<Integer, Double> rewards = new LinkedHashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            byGroup.put(answers.get(i).group(), answers.get(i));
            rewards.put(answers.get(i).group(), earned[i]);
        }
        return new GreedyScores(byGroup, rewards);
    }

    /** The reward of the greedy answer to a prompt; not a number if it has none. */
    public double of(int group) {
        return rewards.getOrDefault(group, Double.NaN);
    }

    /** For each answer, the reward of the greedy answer to its prompt. */
    public double[] of(List<Trajectory> batch) {
        return batch.stream().mapToDouble(one -> of(one.group())).toArray();
    }

    /** {@code reward_greedy}, the mean raw score over the prompts whose greedy answers have a score. */
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
