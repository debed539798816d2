package ai.preceptor.data;

import org.jspecify.annotations.Nullable;

/**
 * A scorer's number for one answer, or the reason why there is none. An answer that could not be scored never becomes a
 * 0.
 *
 * @param value the score in the scorer's own units, higher is better; finite if scored, else NaN
 * @param problem null if scored, else why not
 */
public record Score(double value, @Nullable String problem) {

    /** @throws IllegalArgumentException if a scored value is not finite, or an unscored one is not NaN */
    public Score {
        if (problem == null && !Double.isFinite(value)) {
            throw new IllegalArgumentException("value: expected a finite score, received " + value);
        }
        if (problem != null && !Double.isNaN(value)) {
            throw new IllegalArgumentException(
                    "value: expected NaN for an unscored answer (" + problem + "), received " + value);
        }
    }

    /**
     * A score.
     *
     * @throws IllegalArgumentException if the value is not finite
     */
    public static Score of(double value) {
        return new Score(value, null);
    }

    /** No score, and why. */
    public static Score unscored(String why) {
        return new Score(Double.NaN, why);
    }

    /** True if there is a value. */
    public boolean isScored() {
        return problem == null;
    }
}
