package ai.preceptor.policy.loss;

/**
 * What a policy loss makes of one probability ratio of new to old policy and one advantage: the surrogate whose gradient
 * moves the policy, bounded where the ratio has moved far. {@link RatioClip} is PPO's. Immutable.
 */
public interface Clip {

    /** By what a run's checkpoints know it, such as {@code ratio_clip}. */
    String name();

    /**
     * The surrogate loss.
     *
     * @param ratio above 0; infinite where it overflowed
     * @param advantage finite
     * @return 0 where the advantage is 0, also when the ratio is infinite
     */
    double loss(double ratio, double advantage);

    /** Derivative of {@link #loss} by the logarithm of the ratio; 0 where the advantage is 0. */
    double slope(double ratio, double advantage);

    /** Whether a lower bound cut the gradient of this term; for {@code clip_ratio/low_mean}. */
    boolean isLow(double ratio, double advantage);

    /** Whether an upper bound cut the gradient of this term; for {@code clip_ratio/high_mean}. */
    boolean isHigh(double ratio, double advantage);
}
