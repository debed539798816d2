package ai.preceptor.policy.entropy;

/**
 * Holds the coefficient of the entropy in the loss: the loss is lowered by it times the mean entropy of the step's tokens.
 * Immutable: {@link #after} gives the controller of the next batch. A checkpoint stores the coefficient alone, so that must
 * be all that changes.
 */
public interface EntropyController {
    /** By what a run's checkpoints know it, such as {@code adaptive}: going on with another one is refused. */
    String name();

    /** The coefficient as it is kept, finite. */
    double coefficient();

    /**
     * What a batch is learnt from with.
     *
     * @param entropy mean over the batch's tokens, in nats; not a number if not known
     */
    double coefficient(double entropy);

    /** The controller after a batch of this entropy. */
    EntropyController after(double entropy);

    /** The same controller at another coefficient, as a checkpoint stored it. */
    EntropyController at(double coefficient);

    /** Whether the coefficient can be other than 0: then the loss needs the gradient of the entropy. */
    default boolean isActive() {
        return coefficient() != 0;
    }

    /**
     * A coefficient that never changes.
     *
     * @param coefficient finite; 0 for none, below 0 to lower the entropy
     */
    record Fixed(double coefficient) implements EntropyController {
        /** @throws IllegalArgumentException if the coefficient is not finite */
        public Fixed {
            if (!Double.isFinite(coefficient)) {
                throw new IllegalArgumentException("entropy_coef: " + coefficient + ", must be finite");
            }
        }

        @Override
        public String name() {
            return "fixed";
        }

        @Override
        public double coefficient(double entropy) {
            return coefficient;
        }

        @Override
        public Fixed after(double entropy) {
            return this;
        }

        @Override
        public Fixed at(double other) {
            return new Fixed(other);
        }
    }

    /**
     * A coefficient that rises by {@code delta} after a batch below the target entropy and falls by it after one above, and
     * is used only for batches at or below the target.
     *
     * <p>Source: He et al. 2025, Skywork Open Reasoner 1, arXiv:2505.22312, section 4.2; names and defaults are TRL's.
     *
     * @param coefficient now, in [min, max]
     * @param target entropy aimed at, in nats a token, 0 or more; 0.2 by default
     * @param delta step of the coefficient, above 0; 0.005 by default
     * @param min smallest coefficient; 0 by default
     * @param max largest coefficient, {@code min} or more; 1 by default
     */
    record Adaptive(double coefficient, double target, double delta, double min, double max)
            implements EntropyController {
        /** @throws IllegalArgumentException if a number is out of its range */
        public Adaptive {
            if (!(target >= 0) || Double.isInfinite(target)) {
                throw new IllegalArgumentException("entropy_target: " + target + ", must be finite and 0 or more");
            }
            if (!(delta > 0) || Double.isInfinite(delta)) {
                throw new IllegalArgumentException("entropy_coef_delta: " + delta + ", must be finite and above 0");
            }
            if (!(min <= max) || !Double.isFinite(min) || !Double.isFinite(max)) {
                throw new IllegalArgumentException(
                        "entropy_coef_min: " + min + ", must be finite and at most entropy_coef_max " + max);
            }
            if (!(coefficient >= min && coefficient <= max)) {
                throw new IllegalArgumentException(
                        "entropy_coef: " + coefficient + ", must be in [" + min + ", " + max + "]");
            }
        }

        @Override
        public String name() {
            return "adaptive";
        }

        @Override
        public double coefficient(double entropy) {
            return entropy <= target ? coefficient : 0;
        }

        @Override
        public Adaptive after(double entropy) {
            if (Double.isNaN(entropy) || entropy == target) {
                return this;
            }
            double moved = coefficient + (entropy < target ? delta : -delta);
            return at(Math.max(min, Math.min(max, moved)));
        }

        @Override
        public Adaptive at(double other) {
            return new Adaptive(other, target, delta, min, max);
        }

        @Override
        public boolean isActive() {
            return true;
        }
    }
}
