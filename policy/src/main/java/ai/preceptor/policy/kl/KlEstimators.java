package ai.preceptor.policy.kl;

import ai.preceptor.data.setting.NamedChoice;
import java.util.Locale;

/**
 * The known estimators of KL(policy || reference) from one sampled token, functions of the log-ratio {@code d = log pi(y) -
 * log pi_ref(y)} with y drawn from the policy. Source: Schulman 2020, Approximating KL Divergence.
 *
 * <p>As numbers, k1 and k3 are unbiased and k2 nearly so; k2 and k3 are never negative. As losses they behave
 * differently: differentiating an estimate is not estimating a derivative. On samples of the policy itself the gradient of
 * k2 is that of the KL in expectation; the gradient of k1 vanishes in expectation, so k1 belongs into the reward; the
 * gradient of k3 is that of KL(reference || policy). k3+ has the value of the one and the gradient of the other. {@link
 * KlPenalty#biasCorrection} is the other way to a right gradient of k1 and k3.
 */
public enum KlEstimators implements KlEstimator, NamedChoice {

    /** {@code d}: unbiased, of either sign, of high variance. RLOO and PPO subtract it from the reward. */
    K1 {
        @Override
        public double value(double logratio) {
            return logratio;
        }

        @Override
        public double slope(double logratio) {
            return 1;
        }
    },

    /** {@code d^2 / 2}: never negative, of low bias and variance near equality. */
    K2 {
        @Override
        public double value(double logratio) {
            return 0.5 * logratio * logratio;
        }

        @Override
        public double slope(double logratio) {
            return logratio;
        }
    },

    /** {@code exp(-d) - 1 + d}: unbiased and never negative; grows exponentially where the policy left the reference. */
    K3 {
        @Override
        public double value(double logratio) {
            return Math.expm1(-logratio) + logratio;
        }

        @Override
        public double slope(double logratio) {
            return -Math.expm1(-logratio);
        }
    },

    /**
     * {@code k3+}: reports k3 and is differentiated as k2, so that both the number and the gradient are right on samples of
     * the policy. Source: verl's {@code kl_penalty}, straight-through estimation.
     */
    K3_PLUS {
        @Override
        public double value(double logratio) {
            return K3.value(logratio);
        }

        /** Of k2. */
        @Override
        public double slope(double logratio) {
            return K2.slope(logratio);
        }

        @Override
        public String choiceName() {
            return "k3+";
        }
    };

    @Override
    public String choiceName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
