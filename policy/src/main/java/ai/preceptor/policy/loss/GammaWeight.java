package ai.preceptor.policy.loss;

import ai.preceptor.train.Metric;
import java.util.Arrays;
import java.util.Map;

/**
 * A smooth weight of whole answers: with w, the product over an answer's tokens of the ratios of the policy to the
 * distribution that sampled,
 *
 * <pre>  phi(w) = w^k exp(lambda (1 - w))</pre>
 *
 * <p>which is 1 at w = 1, falls as a power towards w = 0 and exponentially towards large w; k and lambda are those of the
 * sign of each token's advantage. Source: VESPO 2026, arXiv:2602.10693, as in TRL's {@code get_gamma_weights}: a token's
 * log-ratio is bounded to [-20, 20] and their sum to [log 1e-8, 20]. Where the old log-probabilities are recomputed TRL
 * multiplies the ratio to the old policy by the clipped importance weights of tokens; here there are no such weights.
 *
 * <p>Metric: {@code vespo/phi_seq_mean}, the mean weight over answers.
 *
 * @param pos of advantages of 0 or more; TRL's k is 2, its lambda 3
 * @param neg of negative ones; TRL's k is 3, its lambda 2
 */
public record GammaWeight(Shape pos, Shape neg) implements ImportanceWeights {
    private static final double LARGEST = 20;
    private static final double SMALLEST = Math.log(1e-8);

    /**
     * The form of the weight.
     *
     * @param k the power, 0 or more: how soon answers that became unlikely lose weight
     * @param lambda the decay, 0 or more: how soon answers that became likely lose weight
     */
    public record Shape(double k, double lambda) {

        /** @throws IllegalArgumentException if a number is negative or not finite */
        public Shape {
            requireSize("k", k);
            requireSize("lambda", lambda);
        }

        private static void requireSize(String name, double value) {
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException(name + ": " + value + ", must be finite and 0 or more");
            }
        }

        private double at(double logRatio) {
            return Math.exp(k * logRatio + lambda * (1 - Math.exp(logRatio)));
        }
    }

    @Override
    public String name() {
        return "gamma_weight";
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Weighed of(SampledTokens answer) {
        double sum = 0;
        for (int t = 0; t < answer.length(); t++) {
            sum += bounded((double) answer.logps()[t] - answer.samplerLogps()[t], -LARGEST);
        }
        double logRatio = bounded(sum, SMALLEST);
        double[] values = new double[answer.length()];
        Arrays.setAll(values, t -> (answer.advantages()[t] < 0 ? neg : pos).at(logRatio));
        double mean = Arrays.stream(values).average().orElseThrow();
        return new Weighed(values, Map.of("vespo/phi_seq_mean", Metric.mean(mean, 1)));
    }

    private static double bounded(double logratio, double smallest) {
        return Math.max(smallest, Math.min(LARGEST, logratio));
    }
}
