package ai.preceptor.policy;

import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.critic.ValueTargets;
import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.policy.loss.SampledTokens;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A trajectory with everything a policy objective needs to train on it.
 *
 * @param trajectory the sampled answer, with the sampler's log-probabilities
 * @param oldLogps {@code [tokens]}: log-probabilities under the policy whose ratio is clipped
 * @param referenceLogps {@code [tokens]}: the same under the frozen reference; null if not known
 * @param advantages {@code [tokens]}: advantage of each token
 * @param weights {@code [tokens]}: what the policy's term of each token is multiplied by
 * @param counts whether it takes part in losses, token counts and KL; if not, it is there for its group's baseline
 * @param values a critic's targets; null without a critic
 */
public record Experience(
        Trajectory trajectory,
        float[] oldLogps,
        float @Nullable [] referenceLogps,
        double[] advantages,
        double[] weights,
        boolean counts,
        @Nullable ValueTargets values) {

    /** Sampled by the old policy itself, all of it counting. */
    public Experience(Trajectory trajectory, float[] oldLogps, float @Nullable [] referenceLogps, double[] advantages) {
        this(trajectory, oldLogps, referenceLogps, advantages, SampledTokens.ones(advantages.length), true, null);
    }

    /** The same with other advantages. */
    Experience with(double[] others) {
        return new Experience(trajectory, oldLogps, referenceLogps, others, weights, counts, values);
    }

    /** The same with the policy's terms multiplied by further factors. */
    Experience weighted(double[] factors) {
        double[] product = weights.clone();
        for (int t = 0; t < product.length; t++) {
            product[t] *= factors[t];
        }
        return new Experience(trajectory, oldLogps, referenceLogps, advantages, product, counts, values);
    }

    /**
     * k1 estimate of the answer's KL to the reference under the old policy, in nats; not a number if the reference is not
     * known.
     */
    double divergence() {
        if (referenceLogps == null) {
            return Double.NaN;
        }
        return KlEstimators.K1.sum(oldLogps, referenceLogps);
    }

    /** Mean over tokens; the answer's own where it was scored as a whole. */
    double meanAdvantage() {
        return Arrays.stream(advantages).average().orElse(0);
    }
}
