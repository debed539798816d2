package ai.preceptor.lm.optim;

/**
 * Settings of AdamW; the defaults are PyTorch's and TRL's.
 *
 * @param beta1 decay of the first moment, [0, 1)
 * @param beta2 decay of the second moment, [0, 1)
 * @param epsilon added to the root of the second moment, above 0
 * @param weightDecay decoupled decay of matrices, 0 or more; vectors (norms, biases) do not decay
 */
public record AdamWOptions(double beta1, double beta2, double epsilon, double weightDecay) {
    /** beta 0.9 and 0.999, epsilon 1e-8, no decay. */
    public static final AdamWOptions DEFAULT = new AdamWOptions(0.9, 0.999, 1e-8, 0);

    /** @throws IllegalArgumentException when a value is outside its range */
    public AdamWOptions {
        require("beta1", beta1, beta1 >= 0 && beta1 < 1, "[0, 1)");
        require("beta2", beta2, beta2 >= 0 && beta2 < 1, "[0, 1)");
        require("epsilon", epsilon, epsilon > 0, "above 0");
        require("weight decay", weightDecay, weightDecay >= 0, "0 or more");
    }

    private static void require(String name, double value, boolean legal, String range) {
        if (!legal) {
            throw new IllegalArgumentException(name + ": received " + value + ", expected " + range);
        }
    }
}
