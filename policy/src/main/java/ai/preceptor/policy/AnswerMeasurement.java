package ai.preceptor.policy;

import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.TokenScores;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.policy.loss.SampledTokens;
import ai.preceptor.train.Metric;
import ai.preceptor.train.reference.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Measures sampled answers by the policy and its reference: log-probabilities, importance weights, and which tokens are
 * learnt from.
 */
final class AnswerMeasurement {
    private final PolicyPlan plan;
    private final CreditConfig recipe;
    private final LearnerPorts ports;
    private final AnswerLogprobs passes;

    AnswerMeasurement(PolicyPlan plan, CreditConfig recipe, LearnerPorts ports) {
        if (recipe.tokens().share() < 1 && ports.policy() == null) {
            throw new IllegalArgumentException(
                    "top_entropy_quantile: " + recipe.tokens().share()
                            + ", must be 1 where old log-probabilities are not recomputed: entropies come with them");
        }
        this.plan = plan;
        this.recipe = recipe;
        this.ports = ports;
        this.passes = new AnswerLogprobs(plan.rowsTogether());
    }

    /**
     * Measures answers.
     *
     * @param counted {@code [trajectories]}: whether each is learnt from
     * @param metrics is added to: the difference to the sampler, times
     * @return in the order of the trajectories
     */
    List<MeasuredAnswer> of(List<Trajectory> trajectories, boolean[] counted, Map<String, Metric> metrics) {
        List<float[]> own = null;
        List<float[]> entropies = null;
        Function<PackedBatch, TokenScores> policy = ports.policy();
        if (policy != null) {
            List<List<float[]>> numbers = passes.lists(trajectories, batch -> {
                TokenScores scores = policy.apply(batch);
                return List.of(scores.logprobs(), scores.entropies());
            });
            own = numbers.get(0);
            entropies = numbers.get(1);
        }
        List<float[]> anchors = timed("reference_time", trajectories, ports.reference(), metrics);
        Function<PackedBatch, float[]> critic = ports.values();
        List<float[]> values = timed("value_time", trajectories, critic == null ? null : critic::apply, metrics);
        List<MeasuredAnswer> answers = new ArrayList<>();
        for (int i = 0; i < trajectories.size(); i++) {
            Trajectory one = trajectories.get(i);
            float[] sampler = one.completion().samplerLogprobs();
            answers.add(new MeasuredAnswer(
                    one,
                    own == null ? sampler : own.get(i),
                    anchors == null ? null : anchors.get(i),
                    entropies == null ? null : entropies.get(i),
                    own == null ? SampledTokens.ones(sampler.length) : weights(own.get(i), sampler, metrics),
                    values == null ? null : values.get(i),
                    counted[i]));
        }
        return answers;
    }

    /** What a model gives each token, and the time that it takes; null without a model. */
    private @Nullable List<float[]> timed(
            String metric,
            List<Trajectory> trajectories,
            Reference.@Nullable FrozenModel model,
            Map<String, Metric> metrics) {
        if (model == null) {
            return null;
        }
        long began = ports.nanoClock().getAsLong();
        List<float[]> numbers = passes.of(trajectories, model);
        metrics.put(metric, Metric.mean((ports.nanoClock().getAsLong() - began) * 1e-9, 1));
        return numbers;
    }

    /** Importance weights of one answer; adds what they are to the metrics. */
    private double[] weights(float[] own, float[] sampler, Map<String, Metric> metrics) {
        double[] logratios = new double[own.length];
        for (int t = 0; t < own.length; t++) {
            logratios[t] = (double) own[t] - sampler[t];
            double difference = Math.abs(logratios[t]);
            metrics.merge("sampling/sampling_logp_difference/mean", Metric.mean(difference, 1), Metric::merge);
            metrics.merge("sampling/sampling_logp_difference/max", Metric.max(difference), Metric::merge);
        }
        double[] weights = recipe.importance().weights(logratios);
        String name = "sampling/importance_sampling_ratio/";
        for (double weight : recipe.importance().isShared() ? Arrays.copyOf(weights, 1) : weights) {
            metrics.merge(name + "min", Metric.min(weight), Metric::merge);
            metrics.merge(name + "mean", Metric.mean(weight, 1), Metric::merge);
            metrics.merge(name + "max", Metric.max(weight), Metric::merge);
            metrics.merge("sampling/masked_ratio", Metric.mean(weight == 0 ? 1 : 0, 1), Metric::merge);
        }
        return weights;
    }

    /**
     * Leaves out the policy's terms of tokens of low entropy, step by step, among the answers that count.
     *
     * @param usable what is learnt from, in the order of the steps
     * @param entropies {@code [usable][tokens]} in nats; empty where all tokens are learnt from
     */
    List<Experience> selected(List<Experience> usable, List<float[]> entropies) {
        if (recipe.tokens().share() == 1) {
            return usable;
        }
        List<Experience> selected = new ArrayList<>();
        for (int from = 0; from < usable.size(); from += plan.rowsPerStep()) {
            int to = Math.min(usable.size(), from + plan.rowsPerStep());
            List<float[]> counted = new ArrayList<>();
            for (int i = from; i < to; i++) {
                counted.add(usable.get(i).counts() ? entropies.get(i) : new float[0]);
            }
            List<double[]> factors = recipe.tokens().of(counted);
            for (int i = from; i < to; i++) {
                Experience one = usable.get(i);
                selected.add(one.counts() ? one.weighted(factors.get(i - from)) : one);
            }
        }
        return selected;
    }
}
