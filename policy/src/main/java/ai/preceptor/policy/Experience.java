package ai.preceptor.policy;

import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.kl.KlEstimators;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A trajectory with everything a policy objective needs to train on it.
 *
 * @param trajectory the sampled answer
 * @param oldLogps {@code [tokens]}: log-probabilities under the policy whose ratio is clipped
 * @param referenceLogps {@code [tokens]}: the same under the frozen reference; null if not known
 * @param advantages {@code [tokens]}: advantage of each token
 */
public record Experience(
        Trajectory trajectory, float[] oldLogps, float @Nullable [] referenceLogps, double[] advantages) {

    /**
     * k1 estimate of the answer's KL to the reference under the old policy, in nats; not a number if the reference is not
     * known.
     */
    double divergence() {
        if (referenceLogps == null) {
            return Double.NaN;
        }
        double sum = 0;
        for (int t = 0; t < oldLogps.length; t++) {
            sum += KlEstimators.K1.value((double) oldLogps[t] - referenceLogps[t]);
        }
        return sum;
    }

    /** Mean over tokens; the answer's own where it was scored as a whole. */
    double meanAdvantage() {
        return Arrays.stream(advantages).average().orElse(0);
    }
}
