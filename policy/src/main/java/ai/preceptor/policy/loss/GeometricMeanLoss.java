package ai.preceptor.policy.loss;

import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.train.Totals;
import java.util.Locale;

/**
 * GMPO: one ratio per answer, the geometric mean of its tokens' ratios, each of which is clipped by itself.
 *
 * <p><b>Idea.</b> A geometric mean is not moved by a few outliers among the ratios, so the bounds can be wide; clipping
 * tokens instead of the answer keeps the gradient of all others.
 *
 * <p><b>Formula.</b> With {@code x_t = log pi(y_t) - log pi_old(y_t)}, n tokens, N answers in the step,
 *
 * <pre>
 *   c_t = min(x_t, epsilonHigh) where A_t is positive, max(x_t, -epsilon) where it is negative, else 0
 *   L   = sum over answers of  1/N ( -mean(rho A) exp(mean(c)) + mean of beta [r_t] kl(d_t) )</pre>
 *
 * <p>Rho are {@link SampledTokens#weights}; the KL term is {@link ClippedPolicyLoss}'s, at the level of tokens.
 *
 * <p><b>Source.</b> Zhao et al. 2025, Geometric-Mean Policy Optimization, arXiv:2507.20673, as in
 * verl's {@code geo_mean}.
 *
 * <p><b>Departures.</b> The weights of tokens multiply their advantages; verl has the geometric mean of the weights, which is
 * 0 as soon as one token is left out.
 *
 * <p><b>Shapes.</b> T tokens of one answer in; its share of the loss and T derivatives out.
 *
 * <p><b>Masking.</b> Sampled tokens only, the stop token among them.
 *
 * <p><b>When not to use it.</b> With advantages of single tokens: they count by their mean.
 *
 * @param epsilon how far the logarithm of a ratio may fall, above 0; the paper has 0.4
 * @param epsilonHigh how far it may rise, above 0; the paper has 0.4
 * @param kl the KL term
 */
public record GeometricMeanLoss(double epsilon, double epsilonHigh, KlPenalty kl) implements PolicyLoss {

    /** @throws IllegalArgumentException if a bound is not above 0 */
    public GeometricMeanLoss {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon: " + epsilon + ", must be above 0");
        }
        if (!(epsilonHigh > 0)) {
            throw new IllegalArgumentException("epsilon_high: " + epsilonHigh + ", must be above 0");
        }
    }

    /** Of its parts, in lower case, such as {@code geometric_mean-k3}. */
    @Override
    public String name() {
        return ("geometric_mean-" + kl.estimator().name()).toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean needsReference() {
        return kl.beta() > 0;
    }

    @Override
    public GeometricMeanLoss withBeta(double beta) {
        return new GeometricMeanLoss(epsilon, epsilonHigh, kl.withBeta(beta));
    }

    @Override
    public PolicyTerm evaluate(SampledTokens answer, Totals step) {
        int tokens = answer.length();
        double weight = 1.0 / ((double) tokens * step.rows());
        KlTerm term = KlTerm.of(kl, RatioLevels.TOKEN, answer, weight);
        double[] logratios = answer.logratios();
        double[] advantages = answer.advantages();
        double sum = 0;
        double advantage = 0;
        double low = 0;
        double high = 0;
        for (int t = 0; t < tokens; t++) {
            sum += clipped(logratios[t], advantages[t]);
            advantage += answer.weights()[t] * advantages[t];
            low += isLow(logratios[t], advantages[t]) ? 1.0 / tokens : 0;
            high += isHigh(logratios[t], advantages[t]) ? 1.0 / tokens : 0;
        }
        double loss = advantage == 0 ? 0 : -weight * advantage * Math.exp(sum / tokens);
        double[] gradient = term.gradient();
        for (int t = 0; t < tokens; t++) {
            boolean moves =
                    advantages[t] != 0 && !isLow(logratios[t], advantages[t]) && !isHigh(logratios[t], advantages[t]);
            gradient[t] += moves ? loss / tokens : 0;
        }
        return new PolicyTerm(loss + term.loss(), gradient, low, high, term.divergence());
    }

    private double clipped(double logratio, double advantage) {
        if (advantage == 0) {
            return 0;
        }
        return advantage > 0 ? Math.min(logratio, epsilonHigh) : Math.max(logratio, -epsilon);
    }

    private boolean isLow(double logratio, double advantage) {
        return advantage < 0 && logratio < -epsilon;
    }

    private boolean isHigh(double logratio, double advantage) {
        return advantage > 0 && logratio > epsilonHigh;
    }
}
