package ai.preceptor.policy;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyTerm;
import ai.preceptor.policy.loss.SampledTokens;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Objective;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts a {@link PolicyLoss} into the training loop. A row is one sampled answer, packed by the token ids it was sampled
 * with, never encoded again; rows of a group that come one after the other share their prompt. The reference's
 * log-probabilities travel with the row, so that several passes over the same experience compute them once.
 *
 * <p>Metrics, by TRL's names: {@code kl} where a reference is known (mean over tokens, by the loss's own estimator), and
 * {@code clip_ratio/low_mean}, {@code high_mean}, {@code region_mean}, {@code low_min}, {@code high_max}: shares of tokens
 * (of answers, where an answer has one ratio) whose gradient the clipping cut; the last two are extremes over answers. A loss adds its own.
 *
 * @param name the configuration's name, such as {@code rloo}
 * @param loss its pure core
 */
public record PolicyObjective(String name, PolicyLoss loss) implements Objective<Experience> {
    /** The same objective with another coefficient of the KL term, as an adaptive controller asks for. */
    public PolicyObjective withBeta(double beta) {
        return new PolicyObjective(name, loss.withBeta(beta));
    }

    /** Names the loss. */
    @Override
    public Map<String, String> parts() {
        return Map.of("loss", loss.name());
    }

    @Override
    public void pack(Experience row, PromptEncoder encoder, PackedBatch.Builder into) {
        into.prompt(row.trajectory().promptIds());
        into.completion(row.trajectory().completion().tokenIds());
    }

    @Override
    public int completions(Experience row) {
        return 1;
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public LossReport evaluate(LossInputs<Experience> in) {
        in.requireSpans(in.rows().size());
        float[] gradient = new float[in.logprobs().length];
        Map<String, Metric> metrics = new LinkedHashMap<>();
        double total = 0;
        for (int i = 0; i < in.rows().size(); i++) {
            Experience row = in.rows().get(i);
            Span span = in.spans().get(i);
            float[] logps = Arrays.copyOfRange(in.logprobs(), span.from(), span.to());
            PolicyTerm term = loss.evaluate(
                    new SampledTokens(logps, row.oldLogps(), row.referenceLogps(), row.advantages()), in.step());
            total += term.loss();
            for (int t = 0; t < logps.length; t++) {
                gradient[span.from() + t] = (float) term.gradient()[t];
            }
            metrics = Metric.merge(metrics, metrics(term, span.length()));
        }
        return new LossReport(total, gradient, metrics);
    }

    private Map<String, Metric> metrics(PolicyTerm term, int tokens) {
        Map<String, Metric> metrics = new LinkedHashMap<>(term.metrics());
        if (!Double.isNaN(term.kl())) {
            metrics.put("kl", Metric.mean(term.kl(), tokens));
        }
        double weight = loss.sharesRatio() ? 1 : tokens;
        metrics.put("clip_ratio/low_mean", Metric.mean(term.low() * weight, weight));
        metrics.put("clip_ratio/low_min", Metric.min(term.low()));
        metrics.put("clip_ratio/high_mean", Metric.mean(term.high() * weight, weight));
        metrics.put("clip_ratio/high_max", Metric.max(term.high()));
        metrics.put("clip_ratio/region_mean", Metric.mean((term.low() + term.high()) * weight, weight));
        return metrics;
    }
}
