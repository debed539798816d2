package ai.preceptor.policy.reward;

import ai.preceptor.data.Trajectory;
import ai.preceptor.train.Metric;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;

/**
 * The answers of a batch with their rewards, on the way from scores to advantages.
 *
 * @param answers complete groups, in the order of the batch
 * @param rewards {@code [answers]}: in the scorer's unit, without the KL penalty; not a number where unscored; not to be
 *     changed
 * @param counted {@code [answers]}: whether the answer is learnt from. One that is not stays in its group's baseline; not
 *     to be changed
 * @param metrics of the shaping so far, by their names on the metrics page
 */
@SuppressWarnings("ArrayRecordComponent") // a batch on its way, never compared
public record RewardBatch(List<Trajectory> answers, double[] rewards, boolean[] counted, Map<String, Metric> metrics) {

    /** @throws IllegalArgumentException if there is not one reward and one mark for each answer */
    public RewardBatch {
        if (rewards.length != answers.size() || counted.length != answers.size()) {
            throw new IllegalArgumentException("rewards: " + rewards.length + ", counted: " + counted.length
                    + ", must be one per answer: " + answers.size());
        }
        answers = List.copyOf(answers);
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** The scores as they were given; every answer counts. */
    public static RewardBatch of(List<Trajectory> answers) {
        boolean[] counted = new boolean[answers.size()];
        Arrays.fill(counted, true);
        return new RewardBatch(
                answers,
                answers.stream().mapToDouble(one -> one.score().value()).toArray(),
                counted,
                Map.of());
    }

    /** The same with other rewards where there are any; what is unscored stays so. */
    public RewardBatch withRewards(IntToDoubleFunction others) {
        double[] changed = rewards.clone();
        for (int i = 0; i < changed.length; i++) {
            if (isScored(i)) {
                changed[i] = others.applyAsDouble(i);
            }
        }
        return new RewardBatch(answers, changed, counted, metrics);
    }

    /** The same without the answers that are named: they are not learnt from. */
    public RewardBatch without(IntPredicate left) {
        boolean[] fewer = counted.clone();
        for (int i = 0; i < fewer.length; i++) {
            fewer[i] &= !left.test(i);
        }
        return new RewardBatch(answers, rewards, fewer, metrics);
    }

    /** The same with another metric. */
    public RewardBatch with(String name, Metric metric) {
        Map<String, Metric> more = new LinkedHashMap<>(metrics);
        more.put(name, metric);
        return new RewardBatch(answers, rewards, counted, more);
    }

    /** Whether answer {@code i} has a reward. */
    public boolean isScored(int i) {
        return !Double.isNaN(rewards[i]);
    }

    /** Answers that have one. */
    public int scored() {
        return (int)
                Arrays.stream(rewards).filter(reward -> !Double.isNaN(reward)).count();
    }
}
