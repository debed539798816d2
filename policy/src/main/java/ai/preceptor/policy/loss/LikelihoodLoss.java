package ai.preceptor.policy.loss;

import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.train.Totals;
import java.util.Locale;

/**
 * The log-likelihood of sampled tokens, weighted by advantage and importance: CISPO and VESPO.
 *
 * <p><b>Idea.</b> The plain policy gradient, corrected for answers of an older policy by weights that are bounded but never
 * cut a token off: rare tokens on which a solution turns keep their gradient.
 *
 * <p><b>Formula.</b> With importance weights u held constant, advantages A and weights w by {@link Aggregation},
 *
 * <pre>  L = sum over answers and t of  w_t ( -rho_t u_t A_t log pi(y_t) + beta [r_t] kl(d_t) )</pre>
 *
 * <p>Rho are {@link SampledTokens#weights}; the KL term is {@link ClippedPolicyLoss}'s, at the level of tokens. The value is that of TRL: it has no meaning of its own beside its gradient,
 * and is not 0 on the sampling policy.
 *
 * <p><b>Source.</b> MiniMax-M1 2025, arXiv:2506.13585 (CISPO, with {@link CappedRatio}); VESPO 2026,
 * arXiv:2602.10693 (with {@link GammaWeight}).
 *
 * <p><b>Departures.</b> TRL's bias correction of the KL term follows {@code importance_sampling_level}; here it is the
 * token's own ratio. {@link GammaWeight} names its own.
 *
 * <p><b>Shapes.</b> T tokens of one answer in; its share of the loss and T derivatives out.
 *
 * <p><b>Masking.</b> Sampled tokens only, the stop token among them.
 *
 * <p><b>When not to use it.</b> Without reuse of samples all weights are 1, and it is the policy gradient of any loss here.
 *
 * @param weights what corrects for the older policy
 * @param aggregation how tokens weigh
 * @param kl the KL term
 * @param maxCompletionLength longest answer that may be sampled, at least 1; read by {@link Aggregations#FIXED_LENGTH} only
 */
public record LikelihoodLoss(ImportanceWeights weights, Aggregation aggregation, KlPenalty kl, int maxCompletionLength)
        implements PolicyLoss {

    /** Of its parts, in lower case, such as {@code likelihood-token-capped_ratio-token_mean-k3}. */
    @Override
    public String name() {
        return String.join(
                        "-",
                        "likelihood",
                        weights.name(),
                        aggregation.name(),
                        kl.estimator().name())
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean needsReference() {
        return kl.beta() > 0;
    }

    @Override
    public boolean sharesRatio() {
        return weights.isShared();
    }

    @Override
    public LikelihoodLoss withBeta(double beta) {
        return new LikelihoodLoss(weights, aggregation, kl.withBeta(beta), maxCompletionLength);
    }

    @Override
    public PolicyTerm evaluate(SampledTokens answer, Totals step) {
        double weight = aggregation.tokenWeight(answer.length(), step, maxCompletionLength);
        ImportanceWeights.Weighed weighed = weights.of(answer);
        KlTerm term = KlTerm.of(kl, RatioLevels.TOKEN, answer, weight);
        double[] gradient = term.gradient();
        double loss = term.loss();
        for (int t = 0; t < gradient.length; t++) {
            double slope = -weight * answer.weights()[t] * weighed.values()[t] * answer.advantages()[t];
            loss += slope * answer.logps()[t];
            gradient[t] += slope;
        }
        return new PolicyTerm(loss, gradient, 0, 0, term.divergence(), weighed.metrics());
    }
}
