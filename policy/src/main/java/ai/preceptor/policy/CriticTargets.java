package ai.preceptor.policy;

import ai.preceptor.policy.credit.Credit;
import ai.preceptor.policy.credit.Moments;
import ai.preceptor.policy.credit.ScoredAnswers;
import ai.preceptor.policy.critic.ValueTargets;
import ai.preceptor.train.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a critic learns from a batch of answers, and TRL's metrics of PPO about the batch.
 *
 * @param answers as they were measured, the critic's values among them
 * @param scored the same with their scores
 * @param targets per answer; null for one without a score
 */
record CriticTargets(List<MeasuredAnswer> answers, ScoredAnswers scored, List<@Nullable ValueTargets> targets) {

    /** The critic's values of all answers; null without a critic. */
    static @Nullable List<double[]> values(List<MeasuredAnswer> answers) {
        List<double[]> all = new ArrayList<>();
        for (MeasuredAnswer answer : answers) {
            float[] own = answer.values();
            if (own == null) {
                return null;
            }
            double[] wide = new double[own.length];
            Arrays.setAll(wide, t -> own[t]);
            all.add(wide);
        }
        return all;
    }

    /**
     * The values with the returns that were made of them; null without a critic.
     *
     * @param name whose returns they are
     * @throws IllegalArgumentException if there is a critic and no return, not one per token, or one that is not finite
     */
    static @Nullable CriticTargets of(List<MeasuredAnswer> answers, ScoredAnswers scored, Credit made, String name) {
        if (scored.values() == null) {
            return null;
        }
        List<double[]> returns = made.returns();
        if (returns == null || returns.size() != answers.size()) {
            throw new IllegalArgumentException("returns: " + name + " gave " + (returns == null ? 0 : returns.size())
                    + ", must be one list per answer for the critic: " + answers.size());
        }
        List<@Nullable ValueTargets> targets = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            float[] values = answers.get(i).values();
            if (!scored.isScored(i) || values == null) {
                targets.add(null);
                continue;
            }
            for (double one : returns.get(i)) {
                if (!Double.isFinite(one)) {
                    throw new IllegalArgumentException(
                            "returns: " + name + " gave " + one + " for answer " + i + " (0-based), must be finite");
                }
            }
            targets.add(new ValueTargets(values, returns.get(i)));
        }
        return new CriticTargets(answers, scored, targets);
    }

    /** @param nonScore what the KL adds to the reward, mean over answers */
    Map<String, Metric> metrics(double nonScore) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        double surprise = 0;
        for (MeasuredAnswer answer : answers) {
            for (float logp : answer.oldLogps()) {
                surprise -= logp;
            }
        }
        metrics.put("objective/entropy", Metric.mean(surprise, answers.size()));
        Moments scores = Moments.of(scored.scores());
        if (scores.count() > 0) {
            double count = scores.count();
            metrics.put("objective/scores", Metric.mean(scores.mean() * count, count));
            metrics.put("objective/rlhf_reward", Metric.mean((scores.mean() + nonScore) * count, count));
        }
        double explained = explainedVariance();
        if (Double.isFinite(explained)) {
            metrics.put("val/explained_variance", Metric.mean(explained, 1));
        }
        return metrics;
    }

    /** 1 - var(R - V) / var(R); not finite where the returns do not differ. */
    private double explainedVariance() {
        Metric of = Metric.variance();
        Metric left = Metric.variance();
        for (int i = 0; i < targets.size(); i++) {
            ValueTargets one = targets.get(i);
            if (one != null && answers.get(i).counts()) {
                double[] errors = one.returns().clone();
                Arrays.setAll(errors, t -> errors[t] - one.values()[t]);
                of = of.merge(Metric.variance(one.returns()));
                left = left.merge(Metric.variance(errors));
            }
        }
        return 1 - left.value() / of.value();
    }
}
