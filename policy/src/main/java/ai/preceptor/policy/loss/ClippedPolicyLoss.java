package ai.preceptor.policy.loss;

import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.train.Totals;
import java.util.Locale;

/**
 * The clipped policy-gradient loss of PPO, RLOO and GRPO, with an optional KL term.
 *
 * <p><b>Idea.</b> Make what turned out better than expected more likely, and what turned out worse less, but trust samples
 * of an older policy only near that policy; stay near a frozen reference.
 *
 * <p><b>Formula.</b> With ratios {@code r_t = exp(log pi(y_t) - log pi_old(y_t))} (one for all tokens of an answer at the
 * sequence levels), advantages A, weights w by {@link Aggregation}, and {@code d_t = log pi(y_t) - log pi_ref(y_t)},
 *
 * <pre>  L = sum over answers and t of  w_t ( rho_t clipped(r_t, A_t) + beta [r_t] kl(d_t) )</pre>
 *
 * <p>The factor in brackets is {@link KlPenalty#biasCorrection}, and rho are {@link SampledTokens#weights}.
 *
 * <p><b>Source.</b> Schulman et al. 2017, PPO, arXiv:1707.06347, eq. 7 (token level); Ahmadian et al. 2024, Back to Basics,
 * arXiv:2402.14740 (RLOO: sequence level, k1 in the reward); Shao et al. 2024, DeepSeekMath, arXiv:2402.03300, eq. 3 and 4
 * (GRPO: token level, k3 in the loss); {@link RatioClip}, {@link Aggregation} and {@link KlEstimators} name theirs.
 *
 * <p><b>Departures.</b> RLOO is REINFORCE in the paper; the clipped sequence ratio is TRL's, and without reuse of samples
 * both have the same gradient. {@code bnpo} is the mean over the step's tokens, so it equals {@code dapo}; TRL takes each
 * micro-batch's own mean, which depends on how a step is split. There is no value loss.
 *
 * <p><b>Shapes.</b> T tokens of one answer in; its share of the loss and T derivatives out.
 *
 * <p><b>Masking.</b> Sampled tokens only, the stop token among them.
 *
 * <p><b>When not to use it.</b> When samples are many updates old: the ratios clip and the gradient fades (watch {@code
 * clip_ratio/region_mean}). {@link RatioLevels#SEQUENCE} with long answers: the product of many ratios leaves the clip range
 * at once and may overflow.
 *
 * @param level on what the ratio is taken
 * @param aggregation how tokens weigh
 * @param clip bounds of the ratio
 * @param kl the KL term
 * @param maxCompletionLength longest answer that may be sampled, at least 1; read by {@link Aggregations#FIXED_LENGTH} only
 */
public record ClippedPolicyLoss(
        RatioLevel level, Aggregation aggregation, Clip clip, KlPenalty kl, int maxCompletionLength)
        implements PolicyLoss {

    /** @throws IllegalArgumentException if {@code maxCompletionLength < 1} */
    public ClippedPolicyLoss {
        if (maxCompletionLength < 1) {
            throw new IllegalArgumentException(
                    "max_completion_length: " + maxCompletionLength + ", must be at least 1");
        }
    }

    /**
     * Of its parts, in lower case, such as {@code token-ratio_clip-k3}; a known aggregation is not among them, as in the
     * checkpoints of earlier versions.
     */
    @Override
    public String name() {
        String parts =
                String.join("-", level.name(), clip.name(), kl.estimator().name());
        return (aggregation instanceof Aggregations ? parts : parts + "-" + aggregation.name())
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean needsReference() {
        return kl.beta() > 0;
    }

    @Override
    public boolean sharesRatio() {
        return level.isShared();
    }

    @Override
    public ClippedPolicyLoss withBeta(double beta) {
        return new ClippedPolicyLoss(level, aggregation, clip, kl.withBeta(beta), maxCompletionLength);
    }

    /**
     * One answer's share of the step's loss.
     *
     * @param answer log-probabilities and advantages, at least one token
     * @param step totals of the optimizer step
     * @throws IllegalArgumentException if the KL term has a coefficient and the answer no reference log-probabilities
     */
    @Override
    public PolicyTerm evaluate(SampledTokens answer, Totals step) {
        int tokens = answer.length();
        double weight = aggregation.tokenWeight(tokens, step, maxCompletionLength);
        double[] ratios = level.ratios(answer.logratios());
        double[] slopes = new double[tokens];
        double loss = 0;
        double low = 0;
        double high = 0;
        for (int t = 0; t < tokens; t++) {
            double advantage = answer.advantages()[t];
            double share = weight * answer.weights()[t];
            if (share != 0) { // a ratio may have overflowed where nothing is learnt from it
                loss += share * clip.loss(ratios[t], advantage);
                slopes[t] = share * clip.slope(ratios[t], advantage);
            }
            low += clip.isLow(ratios[t], advantage) ? 1.0 / tokens : 0;
            high += clip.isHigh(ratios[t], advantage) ? 1.0 / tokens : 0;
        }
        KlTerm term = KlTerm.of(kl, level, answer, weight);
        double[] gradient = level.spread(slopes);
        for (int t = 0; t < tokens; t++) {
            gradient[t] += term.gradient()[t];
        }
        return new PolicyTerm(loss + term.loss(), gradient, low, high, term.divergence());
    }
}
