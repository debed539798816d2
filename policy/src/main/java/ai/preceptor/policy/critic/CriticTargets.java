package ai.preceptor.policy.critic;

import ai.preceptor.policy.credit.Credit;
import ai.preceptor.policy.credit.ScoredAnswers;
import ai.preceptor.train.Metric;
import ai.preceptor.train.sampling.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a critic learns from a batch of answers, and TRL's metrics of PPO about the batch.
 *
 * @param scored the answers with their scores
 * @param targets per answer; null for one without a score
 */
public record CriticTargets(ScoredAnswers scored, List<@Nullable ValueTargets> targets) {

    /**
     * The values with the returns that were made of them.
     *
     * @param values {@code [answers][tokens]}: the critic's
     * @param name whose returns they are
     * @throws IllegalArgumentException if there are no returns, not one per token, or one that is not finite
     */
    public static CriticTargets of(List<float[]> values, ScoredAnswers scored, Credit made, String name) {
        List<double[]> returns = made.returns();
        if (returns == null || returns.size() != scored.size()) {
            throw new IllegalArgumentException("returns: " + name + " gave " + (returns == null ? 0 : returns.size())
                    + ", must be one list per answer for the critic: " + scored.size());
        }
        List<@Nullable ValueTargets> targets = new ArrayList<>();
        for (int i = 0; i < scored.size(); i++) {
            if (!scored.isScored(i)) {
                targets.add(null);
                continue;
            }
            for (double one : returns.get(i)) {
                if (!Double.isFinite(one)) {
                    throw new IllegalArgumentException(
                            "returns: " + name + " gave " + one + " for answer " + i + " (0-based), must be finite");
                }
            }
            targets.add(new ValueTargets(values.get(i), returns.get(i)));
        }
        return new CriticTargets(scored, targets);
    }

    /**
     * TRL's metrics.
     *
     * @param oldLogps {@code [answers][tokens]}: log-probabilities under the policy that begins to learn
     * @param counts which answers are learnt from
     * @param nonScore what the KL adds to the reward, mean over answers that are learnt from; not a number where none is
     */
    public Map<String, Metric> metrics(List<float[]> oldLogps, IntPredicate counts, double nonScore) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        double surprise = 0;
        for (float[] answer : oldLogps) {
            for (float logp : answer) {
                surprise -= logp;
            }
        }
        metrics.put("objective/entropy", Metric.mean(surprise, oldLogps.size()));
        Moments scores = Moments.of(scored.scores());
        if (scores.count() > 0) {
            double count = scores.count();
            metrics.put("objective/scores", Metric.mean(scores.mean() * count, count));
            if (!Double.isNaN(nonScore)) {
                metrics.put("objective/rlhf_reward", Metric.mean((scores.mean() + nonScore) * count, count));
            }
        }
        double explained = explainedVariance(counts);
        if (Double.isFinite(explained)) {
            metrics.put("val/explained_variance", Metric.mean(explained, 1));
        }
        return metrics;
    }

    /** 1 - var(R - V) / var(R); not finite where the returns do not differ. */
    private double explainedVariance(IntPredicate counts) {
        Metric of = Metric.variance();
        Metric left = Metric.variance();
        for (int i = 0; i < targets.size(); i++) {
            ValueTargets one = targets.get(i);
            if (one != null && counts.test(i)) {
                double[] errors = one.returns().clone();
                Arrays.setAll(errors, t -> errors[t] - one.values()[t]);
                of = of.merge(Metric.variance(one.returns()));
                left = left.merge(Metric.variance(errors));
            }
        }
        return 1 - left.value() / of.value();
    }
}
