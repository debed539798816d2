package ai.preceptor.policy.opd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a teacher adds to the advantages of sampled tokens: by how much it prefers them over the policy that drew them.
 *
 * <pre>{@code
 *   r_t = log pi_T(y_t) - log pi_old(y_t)
 *   G_t = sum_{u >= t} gamma^(u-t) r_u / sum_{u >= t} gamma^(u-t)
 *   w_t = 1 + iw_gamma (1 - sum_{u < t} |r_u| / sum_u |r_u|)
 *   term_t = coefficient w_t G_t
 * }</pre>
 *
 * <p>With {@code gamma} 0 the expectation of the policy gradient over the next token is minus the gradient of the reverse KL
 * to the teacher at that place, KL(pi || pi_T), which {@code distill} computes over the whole vocabulary; with 1 a token also
 * answers for where the rest of the answer goes. The term is added after the advantages of a reward were whitened, and is not
 * whitened itself.
 *
 * <p>Sources: Gu et al. 2023, MiniLLM, arXiv:2306.08543, with the normalized discount of TRL's {@code MiniLLMConfig}
 * ({@code gamma}, {@code length_normalization}); the authors' code divides by the number of tokens that are left instead.
 * IW-OPD: TRL 1.16, {@code IWOPDTrainer}.
 *
 * <p>A token without a log-probability of the teacher, not a number, gets 0, takes part in no other token's term, and is
 * counted.
 *
 * @param coefficient of the term, above 0
 * @param gamma discount of later tokens, in [0, 1]
 * @param iwGamma emphasis of tokens before the policy diverges from the teacher, 0 or more; null for none
 */
public record OnPolicyDistillation(
        double coefficient, double gamma, @Nullable Double iwGamma) {
    /** TRL's {@code iw_opd_epsilon}: the least sum that is divided by. */
    private static final double LEAST_TOTAL = 1e-8;

    /** @throws IllegalArgumentException naming the number that is out of its range */
    public OnPolicyDistillation {
        require(coefficient > 0 && coefficient < Double.POSITIVE_INFINITY, "coefficient", coefficient, "above 0");
        require(gamma >= 0 && gamma <= 1, "gamma", gamma, "in [0, 1]");
        if (iwGamma != null) {
            require(iwGamma >= 0 && iwGamma < Double.POSITIVE_INFINITY, "iw_gamma", iwGamma, "0 or more");
        }
    }

    private static void require(boolean legal, String name, double found, String range) {
        if (!legal) {
            throw new IllegalArgumentException(name + ": " + found + ", must be " + range);
        }
    }

    /** By what a run's checkpoints know it. */
    public String name() {
        return "opd(" + coefficient + "," + gamma + "," + iwGamma + ")";
    }

    /**
     * The terms of one answer.
     *
     * @param policy {@code [tokens]}: log-probabilities of the policy whose ratio is clipped, in nats
     * @param teacher {@code [tokens]}: the teacher's at the same temperature; not a number where it gave none
     * @throws IllegalArgumentException if the lengths differ, or a log-probability is infinite
     */
    public DistilledAnswer of(float[] policy, float[] teacher) {
        if (policy.length != teacher.length) {
            throw new IllegalArgumentException("teacher: " + teacher.length
                    + " log-probabilities, must be one per sampled token: " + policy.length);
        }
        double[] rewards = new double[policy.length];
        for (int t = 0; t < rewards.length; t++) {
            rewards[t] = (double) teacher[t] - policy[t];
            if (Double.isInfinite(rewards[t])) {
                throw new IllegalArgumentException("log-probabilities of token " + t + ": " + policy[t] + " and "
                        + teacher[t] + ", must be finite");
            }
        }
        double[] weights = weights(rewards);
        double[] terms = returns(rewards);
        for (int t = 0; t < terms.length; t++) {
            terms[t] *= coefficient * weights[t];
        }
        return new DistilledAnswer(rewards, weights, terms);
    }

    /** The normalized returns; 0 where a token is unscored. */
    private double[] returns(double[] rewards) {
        double[] returns = new double[rewards.length];
        double sum = 0;
        double norm = 0;
        for (int t = rewards.length - 1; t >= 0; t--) {
            sum *= gamma;
            norm *= gamma;
            if (!Double.isNaN(rewards[t])) {
                sum += rewards[t];
                norm += 1;
                returns[t] = sum / norm;
            }
        }
        return returns;
    }

    private double[] weights(double[] rewards) {
        double[] weights = new double[rewards.length];
        Arrays.fill(weights, 1);
        if (iwGamma == null) {
            return weights;
        }
        double total = Math.max(
                LEAST_TOTAL,
                Arrays.stream(rewards)
                        .filter(reward -> !Double.isNaN(reward))
                        .map(Math::abs)
                        .sum());
        double before = 0;
        for (int t = 0; t < weights.length; t++) {
            weights[t] = 1 + iwGamma * (1 - before / total);
            before += Double.isNaN(rewards[t]) ? 0 : Math.abs(rewards[t]);
        }
        return weights;
    }
}
