package ai.preceptor;

/**
 * How rewards are read as scores.
 *
 * @param normalize whether each model's rewards are brought to mean 0 and standard deviation 1 by what is stored with it
 * @param uncertaintyCoef how many standard deviations of an ensemble's members its score lies below their mean: a lower
 *     confidence bound; 0 for the mean
 */
public record RewardReading(boolean normalize, double uncertaintyCoef) {
    /** Rewards as the model gives them. */
    public static final RewardReading PLAIN = new RewardReading(false, 0);

    /** @throws IllegalArgumentException if the coefficient is negative or not finite */
    public RewardReading {
        if (!(uncertaintyCoef >= 0) || Double.isInfinite(uncertaintyCoef)) {
            throw new IllegalArgumentException(
                    "reward_uncertainty_coef: " + uncertaintyCoef + ", must be finite and 0 or more");
        }
    }
}
