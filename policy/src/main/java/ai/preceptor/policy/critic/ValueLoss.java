package ai.preceptor.policy.critic;

/**
 * The clipped value loss of PPO.
 *
 * <p><b>Idea.</b> Move a value towards the return, but in the steps that learn from a batch no further than a bound from
 * what it was when the batch was sampled.
 *
 * <p><b>Formula.</b> With values V of now, V_old of the time of sampling, returns R, the bound c, and the same weight w for
 * all tokens,
 *
 * <pre>  L = sum over t of  w / 2 max( (V_t - R_t)^2, (clip(V_t, V_old,t - c, V_old,t + c) - R_t)^2 )</pre>
 *
 * <p><b>Source.</b> The value loss of OpenAI's PPO for RLHF, as TRL's {@code PPOTrainer} and verl's
 * {@code compute_value_loss} have it ({@code cliprange_value}).
 *
 * <p><b>Departures.</b> None; TRL multiplies it by {@code vf_coef} 0.1 because both losses share an optimizer there.
 *
 * <p><b>Shapes.</b> T values of one answer in; its share of the loss and T derivatives out.
 *
 * <p><b>When not to use it.</b> With returns far larger than c in size: values then need many batches to follow.
 *
 * @param cliprange the bound c, above 0
 */
public record ValueLoss(double cliprange) {

    /** @throws IllegalArgumentException if the bound is not above 0 */
    public ValueLoss {
        if (!(cliprange > 0)) {
            throw new IllegalArgumentException("cliprange_value: " + cliprange + ", must be above 0");
        }
    }

    /**
     * One answer's share of the step's loss.
     *
     * @param values {@code [tokens]}: the critic's of now
     * @param targets what they are compared with
     * @param weight of each token: 1 over the step's tokens for their mean
     * @throws IllegalArgumentException if there is not one value per target
     */
    public Term evaluate(float[] values, ValueTargets targets, double weight) {
        if (values.length != targets.returns().length) {
            throw new IllegalArgumentException(
                    "values: " + values.length + ", must be one per return: " + targets.returns().length);
        }
        double loss = 0;
        int clipped = 0;
        double[] gradient = new double[values.length];
        for (int t = 0; t < values.length; t++) {
            double old = targets.values()[t];
            double error = values[t] - targets.returns()[t];
            double bounded = Math.max(old - cliprange, Math.min(old + cliprange, values[t])) - targets.returns()[t];
            if (bounded * bounded > error * error) {
                clipped++;
                loss += weight / 2 * bounded * bounded; // flat: the bound is held
            } else {
                loss += weight / 2 * error * error;
                gradient[t] = weight * error;
            }
        }
        return new Term(loss, gradient, clipped);
    }

    /**
     * One answer's share.
     *
     * @param loss its part of the loss
     * @param gradient {@code [tokens]}: derivatives by its values
     * @param clipped tokens whose value the bound holds, which have no gradient
     */
    public record Term(double loss, double[] gradient, int clipped) {}
}
