package ai.preceptor.policy.correction;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Importance weights of tokens or of whole answers, bounded:
 *
 * <pre>
 *   r_t = exp(log pi_old(y_t) - log mu(y_t)), or for all tokens of an answer exp(sum over t of that)
 *   truncate:  min(max(r, min), max)        mask:  r if min &lt;= r &lt;= max, else 0
 * </pre>
 *
 * <p>Source: truncated importance sampling, Ionides 2008; for language models Yao et al. 2025, Your Efficient RL Framework
 * Secretly Brings You Off-Policy RL Training; masks: Liu et al. 2025, When Speed Kills Stability. Names and defaults are
 * those of TRL's {@code vllm_importance_sampling_mode}.
 *
 * @param mode of tokens or answers, truncated or masked
 * @param min lower bound, 0 or more and below {@code max}; null for none
 * @param max upper bound, above 0; 3 by default
 */
public record ClippedImportance(
        ImportanceSamplingMode mode, @Nullable Double min, double max) implements ImportanceSampling {
    /** TRL's upper bound. */
    public static final double DEFAULT_MAX = 3;

    /** @throws IllegalArgumentException if a bound is out of its range */
    public ClippedImportance {
        if (!(max > 0)) {
            throw new IllegalArgumentException("importance_sampling_clip_max: " + max + ", must be above 0");
        }
        if (min != null && !(min >= 0 && min < max)) {
            throw new IllegalArgumentException("importance_sampling_clip_min: " + min
                    + ", must be in [0, importance_sampling_clip_max = " + max + ")");
        }
    }

    @Override
    public String name() {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public double[] weights(double[] logratios) {
        double[] weights = new double[logratios.length];
        if (mode == ImportanceSamplingMode.NONE) {
            Arrays.fill(weights, 1);
        } else if (mode.isSequence()) {
            Arrays.fill(weights, bounded(Math.exp(Arrays.stream(logratios).sum())));
        } else {
            Arrays.setAll(weights, t -> bounded(Math.exp(logratios[t])));
        }
        return weights;
    }

    @Override
    public boolean isShared() {
        return mode.isSequence();
    }

    private double bounded(double ratio) {
        double low = min == null ? 0 : min;
        double cut = Math.max(low, Math.min(max, ratio));
        return mode.masks() && ratio != cut ? 0 : cut;
    }
}
