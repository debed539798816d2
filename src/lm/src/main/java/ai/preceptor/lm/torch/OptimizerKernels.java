package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;

/** The kernels that update weights; optimizer.kernels says what each tensor is. */
public interface OptimizerKernels {
    /**
     * Weights and what AdamW knows of each.
     *
     * @param masters float32 weights
     * @param first moments
     * @param second moments
     * @param steps {@code [1]} each: updates made
     */
    record AdamState(NDArray[] masters, NDArray[] gradients, NDArray[] first, NDArray[] second, NDArray[] steps) {}

    /**
     * Settings of an update.
     *
     * @param decay of weights, decoupled
     */
    record AdamStep(double learningRate, double beta1, double beta2, double decay, double epsilon) {}

    /** Global L2 norm over all gradients. */
    @Takes("grads")
    NDArray gradientNorm(Scope out, NDArray[] gradients);

    /**
     * Updates weights, moments and numbers of steps.
     *
     * @param divisor {@code [1]}: gradients are divided by it
     */
    @Takes("p, g, m, v, steps, lr, beta1, beta2, decay, eps, divisor")
    void adamw(AdamState state, AdamStep step, NDArray divisor);

    /** Makes low-precision copies equal to their masters. */
    @Takes("copies, masters")
    void refresh(NDArray[] copies, NDArray[] masters);

    /** Moves tensors towards others: {@code decay} of their own, the rest of the others'. */
    @Takes("slow, fast, decay")
    void follow(NDArray[] slow, NDArray[] fast, double decay);
}
