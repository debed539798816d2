package ai.preceptor.policy.loss;

import ai.preceptor.train.Metric;
import ai.preceptor.train.Totals;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A policy loss with TRL's metrics of PPO about the ratios of the policy to the one whose ratio is clipped, over the step's
 * tokens: {@code policy/approxkl_avg} (half the mean squared log-ratio), {@code policy/clipfrac_avg}, {@code val/ratio} and
 * {@code val/ratio_var} (sample variance).
 *
 * @param loss the loss itself, which is not changed
 */
public record RatioStatistics(PolicyLoss loss) implements PolicyLoss {
    @Override
    public String name() {
        return loss.name();
    }

    @Override
    public boolean needsReference() {
        return loss.needsReference();
    }

    @Override
    public boolean sharesRatio() {
        return loss.sharesRatio();
    }

    @Override
    public RatioStatistics withBeta(double beta) {
        return new RatioStatistics(loss.withBeta(beta));
    }

    @Override
    public PolicyTerm evaluate(SampledTokens answer, Totals step) {
        PolicyTerm term = loss.evaluate(answer, step);
        double[] ratios = answer.logratios();
        int tokens = ratios.length;
        double squares = 0;
        double sum = 0;
        for (int t = 0; t < tokens; t++) {
            squares += ratios[t] * ratios[t];
            ratios[t] = Math.exp(ratios[t]);
            sum += ratios[t];
        }
        Map<String, Metric> metrics = new LinkedHashMap<>(term.metrics());
        metrics.put("policy/approxkl_avg", Metric.mean(squares / 2, tokens));
        metrics.put("policy/clipfrac_avg", Metric.mean((term.low() + term.high()) * tokens, tokens));
        metrics.put("val/ratio", Metric.mean(sum, tokens));
        metrics.put("val/ratio_var", Metric.variance(ratios));
        return new PolicyTerm(term.loss(), term.gradient(), term.low(), term.high(), term.kl(), metrics);
    }
}
