package ai.preceptor.policy;

import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.Groups;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.train.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a batch of scored trajectories into experience: rewards, minus the KL penalty if it is in the reward, become
 * advantages.
 *
 * <pre>  reward = score - beta sum over t of (log pi_old(y_t) - log pi_ref(y_t))</pre>
 *
 * <p>The penalty is k1, as in RLOO and TRL; with {@code beta} 0 the reward is the score. The old policy is the one that
 * sampled. A trajectory without a score stays in the batch with advantage 0 and is counted.
 *
 * @param credit how rewards become advantages
 */
public record ExperienceMaker(CreditAssignment credit) {

    /**
     * Makes a batch.
     *
     * @param trajectories complete groups, at least one trajectory
     * @param reference per trajectory the reference's log-probabilities {@code [tokens]}; null if not known
     * @param beta coefficient of the KL penalty in the reward, 0 or more
     * @throws IllegalArgumentException if the batch is empty, {@code beta} is above 0 without a reference, or sizes differ
     */
    public Batch make(List<Trajectory> trajectories, @Nullable List<float[]> reference, double beta) {
        if (trajectories.isEmpty()) {
            throw new IllegalArgumentException("trajectories: 0, must be at least 1");
        }
        if (reference == null && beta > 0) {
            throw new IllegalArgumentException("beta: " + beta + " in the reward, but no reference log-probabilities");
        }
        if (reference != null && reference.size() != trajectories.size()) {
            throw new IllegalArgumentException(
                    "reference: " + reference.size() + " answers, must be one per trajectory: " + trajectories.size());
        }
        int count = trajectories.size();
        List<double[]> divergences = new ArrayList<>();
        double[] scores = new double[count];
        int[] groups = new int[count];
        for (int i = 0; i < count; i++) {
            Trajectory trajectory = trajectories.get(i);
            divergences.add(divergences(trajectory, reference == null ? null : reference.get(i)));
            scores[i] = trajectory.score().value(); // not a number if unscored
            groups[i] = trajectory.group();
        }
        List<double[]> advantages = credit.advantages(scores, divergences, groups, beta);
        requireAdvantages(advantages, divergences);
        List<Experience> experiences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            experiences.add(new Experience(
                    trajectories.get(i),
                    trajectories.get(i).completion().logprobs(),
                    reference == null ? null : reference.get(i),
                    advantages.get(i)));
        }
        Map<String, Metric> metrics =
                new LinkedHashMap<>(RolloutStatistics.of(trajectories, Groups.of(scores, groups)));
        double kl = divergences.stream()
                        .mapToDouble(answer -> Arrays.stream(answer).sum())
                        .sum()
                / count;
        if (reference != null) {
            metrics.put("objective/kl", Metric.mean(kl * count, count));
            metrics.put("objective/non_score_reward", Metric.mean(-beta * kl * count, count));
        }
        return new Batch(experiences, metrics, kl);
    }

    /** @throws IllegalArgumentException naming whose advantages they are, and the answer */
    private void requireAdvantages(List<double[]> advantages, List<double[]> answers) {
        if (advantages.size() != answers.size()) {
            throw new IllegalArgumentException("advantages: " + credit.name() + " gave those of " + advantages.size()
                    + " answers, must be one per answer: " + answers.size());
        }
        for (int i = 0; i < answers.size(); i++) {
            double[] own = advantages.get(i);
            if (own.length != answers.get(i).length) {
                throw new IllegalArgumentException("advantages: " + credit.name() + " gave " + own.length
                        + " for answer " + i + " (0-based), must be one per token: " + answers.get(i).length);
            }
            for (double advantage : own) {
                if (!Double.isFinite(advantage)) {
                    throw new IllegalArgumentException("advantages: " + credit.name() + " gave " + advantage
                            + " for answer " + i + " (0-based), must be finite");
                }
            }
        }
    }

    /** k1 of each token; zeros without a reference. */
    private static double[] divergences(Trajectory trajectory, float @Nullable [] reference) {
        float[] sampled = trajectory.completion().logprobs();
        double[] divergences = new double[sampled.length];
        if (reference == null) {
            return divergences;
        }
        if (reference.length != sampled.length) {
            throw new IllegalArgumentException("reference: " + reference.length
                    + " log-probabilities, must be one per sampled token: " + sampled.length);
        }
        Arrays.setAll(divergences, t -> KlEstimators.K1.value((double) sampled[t] - reference[t]));
        return divergences;
    }

    /**
     * A batch of experience.
     *
     * @param experiences in the order of the trajectories
     * @param metrics of the batch, by their names on the metrics page
     * @param kl mean over answers of the k1 estimate of their KL to the reference, in nats per answer; what a {@link
     *     KlController} is steered by; 0 without a reference
     */
    public record Batch(List<Experience> experiences, Map<String, Metric> metrics, double kl) {
        /** Copies the experiences. */
        public Batch {
            experiences = List.copyOf(experiences);
        }
    }
}
