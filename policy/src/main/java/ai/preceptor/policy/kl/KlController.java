package ai.preceptor.policy.kl;

/**
 * Holds the coefficient of the KL penalty. Immutable: {@link #after} gives the controller of the next batch. A checkpoint
 * stores the coefficient alone, so that must be all that changes.
 */
public interface KlController {

    /** By what a run's checkpoints know it, such as {@code adaptive}: going on with another one is refused. */
    String name();

    /** The coefficient now, finite and 0 or more. */
    double beta();

    /**
     * The controller after a batch.
     *
     * @param kl mean over the batch's completions that are learnt from of their KL to the reference, summed over tokens, in
     *     nats; possibly not finite, such as where none is
     * @param samples completions in the batch, at least 0
     */
    KlController after(double kl, int samples);

    /**
     * The same controller at another coefficient, as a checkpoint stored it.
     *
     * @throws IllegalArgumentException if {@code beta} is negative or not finite
     */
    KlController at(double beta);

    /**
     * A coefficient that never changes.
     *
     * @param beta the coefficient, 0 or more
     */
    record Fixed(double beta) implements KlController {

        @Override
        public String name() {
            return "fixed";
        }

        /** @throws IllegalArgumentException if {@code beta} is negative or not finite */
        public Fixed {
            requireBeta(beta);
        }

        @Override
        public Fixed after(double kl, int samples) {
            return this;
        }

        @Override
        public Fixed at(double other) {
            return new Fixed(other);
        }
    }

    /**
     * A coefficient that follows the KL in proportion to how far it is off a target, in logarithm and clipped:
     *
     * <pre>  beta' = beta (1 + clip(kl / target - 1, -0.2, 0.2) samples / horizon)</pre>
     *
     * <p>Source: Ziegler et al. 2019, Fine-Tuning Language Models from Human Preferences, arXiv:1909.08593, section 2.2, in
     * the form of their code, which puts {@code samples / horizon} for the constant 0.1 of the paper. A KL that is not
     * finite changes nothing.
     *
     * @param beta the coefficient now, above 0; the authors start at 0.2
     * @param target the KL aimed at, in nats per completion, above 0; the authors have 6
     * @param horizon over how many completions a correction is spread, at least 1; the authors have 10,000
     */
    record Adaptive(double beta, double target, int horizon) implements KlController {

        private static final double LARGEST_ERROR = 0.2;

        /** @throws IllegalArgumentException if a number is out of its range */
        public Adaptive {
            requireBeta(beta);
            if (beta == 0) {
                throw new IllegalArgumentException("beta: 0.0, must be above 0 to adapt");
            }
            if (!(target > 0) || Double.isInfinite(target)) {
                throw new IllegalArgumentException("kl target: " + target + ", must be finite and above 0");
            }
            if (horizon < 1) {
                throw new IllegalArgumentException("kl horizon: " + horizon + ", must be at least 1");
            }
        }

        @Override
        public String name() {
            return "adaptive";
        }

        @Override
        public Adaptive after(double kl, int samples) {
            if (samples < 0) {
                throw new IllegalArgumentException("samples: " + samples + ", must not be negative");
            }
            if (!Double.isFinite(kl)) {
                return this;
            }
            double error = Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, kl / target - 1));
            // a batch beyond the horizon corrects as much as one of its length, else beta could turn negative
            double share = Math.min(1, (double) samples / horizon);
            return at(beta * (1 + error * share));
        }

        @Override
        public Adaptive at(double other) {
            return new Adaptive(other, target, horizon);
        }
    }

    private static void requireBeta(double beta) {
        if (!(beta >= 0) || Double.isInfinite(beta)) {
            throw new IllegalArgumentException("beta: " + beta + ", must be finite and 0 or more");
        }
    }
}
