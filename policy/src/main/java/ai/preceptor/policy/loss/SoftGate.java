package ai.preceptor.policy.loss;

/**
 * A smooth gate in the place of a clip: with the ratio r, the advantage A and tau, the temperature of A's sign,
 *
 * <pre>  -A (4 / tau) sigmoid(tau (r - 1))</pre>
 *
 * <p>Its slope is that of the policy gradient at r = 1 and falls smoothly to 0 on both sides, sooner the higher the
 * temperature, so that no token is cut off at once. Source: Soft Adaptive Policy Optimization 2025, arXiv:2511.20347, as in TRL.
 *
 * @param temperaturePos temperature for positive advantages, above 0; 1.0 in TRL
 * @param temperatureNeg temperature for the others, above 0; 1.05 in TRL, since their gradients spread over more tokens
 */
public record SoftGate(double temperaturePos, double temperatureNeg) implements Clip {

    /** @throws IllegalArgumentException if a temperature is not above 0 */
    public SoftGate {
        requirePositive("sapo_temperature_pos", temperaturePos);
        requirePositive("sapo_temperature_neg", temperatureNeg);
    }

    @Override
    public String name() {
        return "soft_gate";
    }

    @Override
    public double loss(double ratio, double advantage) {
        double temperature = temperature(advantage);
        return advantage == 0 ? 0 : -advantage * 4 / temperature * gate(temperature, ratio);
    }

    /** 0 where the ratio overflowed: an open gate is flat. */
    @Override
    public double slope(double ratio, double advantage) {
        if (advantage == 0 || Double.isInfinite(ratio)) {
            return 0;
        }
        double gate = gate(temperature(advantage), ratio);
        return -advantage * 4 * gate * (1 - gate) * ratio;
    }

    /** Never: a gate has no bound. */
    @Override
    public boolean isLow(double ratio, double advantage) {
        return false;
    }

    /** Never: a gate has no bound. */
    @Override
    public boolean isHigh(double ratio, double advantage) {
        return false;
    }

    private double temperature(double advantage) {
        return advantage > 0 ? temperaturePos : temperatureNeg;
    }

    private static double gate(double temperature, double ratio) {
        return 1 / (1 + Math.exp(-temperature * (ratio - 1)));
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + ": " + value + ", must be finite and above 0");
        }
    }
}
