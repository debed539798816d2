package ai.preceptor.policy.credit;

/**
 * Generalized advantage estimation: token-level advantages from rewards and a value model's estimates.
 *
 * <pre>
 *   delta_t = r_t + gamma V_{t+1} - V_t          (V after the last token is 0)
 *   A_t     = delta_t + gamma lambda A_{t+1}
 *   R_t     = A_t + V_t                          (what the value model should have said)
 * </pre>
 *
 * <p>Source: Schulman et al. 2016, arXiv:1506.02438, eq. 16; the completion is one whole episode.
 *
 * @param gamma discount, in [0, 1]; 1 for answers that are rewarded at their end
 * @param lambda trade of bias (0) against variance (1), in [0, 1]; TRL's PPO has 0.95
 */
public record GeneralizedAdvantage(double gamma, double lambda) {

    /** @throws IllegalArgumentException if a number is outside [0, 1] */
    public GeneralizedAdvantage {
        requireShare("gamma", gamma);
        requireShare("lam", lambda);
    }

    /**
     * The advantages of one completion.
     *
     * @param rewards {@code [tokens]}: the reward after each token, penalties included
     * @param values {@code [tokens]}: the value model's estimate before each token
     * @throws IllegalArgumentException if the arrays differ in length
     */
    public Estimate of(double[] rewards, double[] values) {
        if (rewards.length != values.length) {
            throw new IllegalArgumentException(
                    "values: " + values.length + ", must be as many as rewards: " + rewards.length);
        }
        double[] advantages = new double[rewards.length];
        double[] returns = new double[rewards.length];
        double nextValue = 0;
        double nextAdvantage = 0;
        for (int t = rewards.length - 1; t >= 0; t--) {
            double delta = rewards[t] + gamma * nextValue - values[t];
            advantages[t] = delta + gamma * lambda * nextAdvantage;
            returns[t] = advantages[t] + values[t];
            nextValue = values[t];
            nextAdvantage = advantages[t];
        }
        return new Estimate(advantages, returns);
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + ": " + value + ", must be in [0, 1]");
        }
    }

    /**
     * What is estimated for one completion.
     *
     * @param advantages {@code [tokens]}
     * @param returns {@code [tokens]}: targets for the value model
     */
    public record Estimate(double[] advantages, double[] returns) {}
}
