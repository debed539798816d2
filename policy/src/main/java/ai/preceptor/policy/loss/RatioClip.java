package ai.preceptor.policy.loss;

/**
 * The clipped surrogate of one probability ratio r and advantage A:
 *
 * <pre>  -min( min(r, delta) A, clip(r, 1 - epsilon, 1 + epsilonHigh) A )</pre>
 *
 * <p>It follows the policy gradient until r has moved by epsilon in the direction A asks for, and is flat beyond. Source:
 * Schulman et al. 2017, PPO, arXiv:1707.06347, eq. 7; the higher upper bound is DAPO, arXiv:2503.14476, eq. 10; the
 * two-sided bound delta is INTELLECT-2, arXiv:2505.07291, section 3.4.
 *
 * @param epsilon how far the ratio may fall, in (0, 1]; 0.2 by default
 * @param epsilonHigh how far the ratio may rise, above 0; equal to {@code epsilon} by default, 0.28 in DAPO
 * @param delta largest ratio that counts for a negative advantage, above {@code 1 + epsilonHigh}; infinity by default
 */
public record RatioClip(double epsilon, double epsilonHigh, double delta) implements Clip {

    /** @throws IllegalArgumentException if a bound is out of its range */
    public RatioClip {
        if (!(epsilon > 0 && epsilon <= 1)) {
            throw new IllegalArgumentException("epsilon: " + epsilon + ", must be in (0, 1]");
        }
        if (!(epsilonHigh > 0)) {
            throw new IllegalArgumentException("epsilon_high: " + epsilonHigh + ", must be above 0");
        }
        if (!(delta > 1 + epsilonHigh)) {
            throw new IllegalArgumentException(
                    "delta: " + delta + ", must be above 1 + epsilon_high = " + (1 + epsilonHigh));
        }
    }

    @Override
    public String name() {
        return "ratio_clip";
    }

    @Override
    public double loss(double ratio, double advantage) {
        if (advantage == 0) {
            return 0; // also when the ratio overflowed
        }
        double clipped = Math.max(1 - epsilon, Math.min(1 + epsilonHigh, ratio));
        return -Math.min(Math.min(ratio, delta) * advantage, clipped * advantage);
    }

    @Override
    public double slope(double ratio, double advantage) {
        boolean flat = advantage == 0 || isLow(ratio, advantage) || isHigh(ratio, advantage) || ratio > delta;
        return flat ? 0 : -ratio * advantage;
    }

    @Override
    public boolean isLow(double ratio, double advantage) {
        return advantage < 0 && ratio < 1 - epsilon;
    }

    @Override
    public boolean isHigh(double ratio, double advantage) {
        return advantage > 0 && ratio > 1 + epsilonHigh;
    }
}
