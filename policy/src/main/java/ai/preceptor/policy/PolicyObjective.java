package ai.preceptor.policy;

import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.policy.correction.OffPolicyMask;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyTerm;
import ai.preceptor.policy.loss.SampledTokens;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Objective;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link PolicyLoss} into the training loop. A row is one sampled answer, packed by the token ids it was sampled
 * with, never encoded again; rows of a group that come one after the other share their prompt. The reference's
 * log-probabilities travel with the row, so that several passes over the same experience compute them once.
 *
 * <p>Metrics, by TRL's names: {@code kl} where a reference is known (mean over tokens, by the loss's own estimator), and
 * {@code clip_ratio/low_mean}, {@code high_mean}, {@code region_mean}, {@code low_min}, {@code high_max}: shares of tokens
 * (of answers, where an answer has one ratio) whose gradient the clipping cut; the last two are extremes over answers;
 * {@code entropy} (mean over tokens of the policy's distributions, in nats), and {@code sampling/off_policy_masked_ratio}
 * where answers are left out for it. A loss adds its own.
 *
 * @param name the configuration's name, such as {@code rloo}
 * @param loss its pure core
 * @param mask which answers are too far from the policy to be pushed down; null for none
 * @param entropyCoefficient what the loss is lowered by, times the mean entropy of the step's tokens in nats
 */
public record PolicyObjective(
        String name, PolicyLoss loss, @Nullable OffPolicyMask mask, double entropyCoefficient)
        implements Objective<Experience> {
    private static final Set<TokenStatistic> STATISTICS = Set.of(TokenStatistic.ENTROPY);

    /** No answer is left out, and the entropy has no part in the loss. */
    public PolicyObjective(String name, PolicyLoss loss) {
        this(name, loss, null, 0);
    }

    /** The same objective with other coefficients of the KL term and of the entropy, as controllers ask for. */
    public PolicyObjective with(double beta, double entropy) {
        return new PolicyObjective(name, loss.withBeta(beta), mask, entropy);
    }

    /** Names the loss. */
    @Override
    public Map<String, String> parts() {
        return Map.of("loss", mask == null ? loss.name() : loss.name() + "-off_policy_mask");
    }

    @Override
    public Set<TokenStatistic> statistics() {
        return STATISTICS;
    }

    /** None of an answer that does not count. */
    @Override
    public int tokens(Experience row, List<Span> spans) {
        return row.counts() ? Objective.super.tokens(row, spans) : 0;
    }

    @Override
    public void pack(Experience row, PromptEncoder encoder, PackedBatch.Builder into) {
        into.prompt(row.trajectory().promptIds());
        into.completion(row.trajectory().completion());
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
            if (!row.counts()) {
                continue;
            }
            SampledTokens answer = sampled(row, Arrays.copyOfRange(in.logprobs(), span.from(), span.to()));
            if (mask != null) {
                metrics.merge(
                        "sampling/off_policy_masked_ratio",
                        Metric.mean(mask.isBeyond(answer) ? 1 : 0, 1),
                        Metric::merge);
                answer = mask.applyTo(answer);
            }
            PolicyTerm term = loss.evaluate(answer, in.step());
            total += term.loss();
            for (int t = 0; t < answer.length(); t++) {
                gradient[span.from() + t] = (float) term.gradient()[t];
            }
            metrics = Metric.merge(metrics, metrics(term, span.length()));
            if (in.statistics() != null) {
                float[] entropies = in.statistics().of(TokenStatistic.ENTROPY);
                metrics.merge("entropy", entropy(entropies, span), Metric::merge);
            }
        }
        return entropyCoefficient == 0
                ? new LossReport(total, gradient, metrics)
                : withEntropy(total, gradient, metrics, in);
    }

    /** Lowers the loss by the coefficient times the mean entropy of the step's tokens. */
    private LossReport withEntropy(
            double loss, float[] gradient, Map<String, Metric> metrics, LossInputs<Experience> in) {
        float[] entropies = in.requireStatistics().of(TokenStatistic.ENTROPY);
        float[] byEntropy = new float[entropies.length];
        double total = loss;
        for (int i = 0; i < in.rows().size(); i++) {
            Span span = in.spans().get(i);
            for (int t = span.from(); t < span.to() && in.rows().get(i).counts(); t++) {
                total -= entropyCoefficient * entropies[t] / in.step().tokens();
                byEntropy[t] = (float) (-entropyCoefficient / in.step().tokens());
            }
        }
        Map<String, Metric> all = new LinkedHashMap<>(metrics);
        all.put("entropy_coef", Metric.mean(entropyCoefficient, 1));
        return new LossReport(total, gradient, byEntropy, all);
    }

    private static SampledTokens sampled(Experience row, float[] logps) {
        return new SampledTokens(
                logps,
                row.oldLogps(),
                row.referenceLogps(),
                row.advantages(),
                row.weights(),
                row.trajectory().completion().samplerLogprobs());
    }

    private static Metric entropy(float[] entropies, Span span) {
        double sum = 0;
        for (int t = span.from(); t < span.to(); t++) {
            sum += entropies[t];
        }
        return Metric.mean(sum, span.length());
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
