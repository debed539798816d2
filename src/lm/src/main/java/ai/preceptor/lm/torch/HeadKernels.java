package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;

/** The kernels of heads, over the vocabulary and scalar ones; head.kernels says what each tensor is. */
public interface HeadKernels {
    /**
     * A head over the vocabulary and what it is applied to.
     *
     * @param hidden {@code [m, d]}
     * @param weights {@code [vocabulary, d]}
     * @param targets {@code [m]}: token ids
     */
    record Applied(NDArray hidden, NDArray weights, NDArray targets) {}

    /**
     * How logits are computed.
     *
     * @param tile rows of the vocabulary at a time
     * @param cap bound of the logits, 0 for none
     * @param temperature divides the logits, bounded or not; above 0
     * @param outside uint8 {@code [tiles, m, tile / 8]}: bits of those that are left out, the lowest first; empty for none
     */
    record Logits(long tile, double cap, double temperature, NDArray outside) {}

    /**
     * What the forward pass gives beside log-probabilities.
     *
     * @param statistics bits of the statistics that are wanted
     * @param keep 0 for nothing, 1 for the softmax, 2 for the derivative
     * @param elementType of what is kept, PyTorch's number
     */
    record Wanted(int statistics, int keep, int elementType) {}

    /**
     * What the backward pass starts from and where it ends.
     *
     * @param logSumExp {@code [m, 1]}, of the forward pass
     * @param coefficients {@code [m]}: derivative by each log-probability, divided by the temperature
     * @param weights gradient of the head; empty where it is frozen
     * @param first whether that is overwritten instead of added to
     */
    record Gradient(NDArray logSumExp, NDArray coefficients, NDArray weights, boolean first) {}

    /**
     * A loss that depends on entropies too.
     *
     * @param values {@code [m]}: entropies of the forward pass
     * @param coefficients {@code [m]}: derivative by each, divided by the temperature; empty for none
     */
    record ByEntropy(NDArray values, NDArray coefficients) {}

    /** Log-probabilities, their log-sum-exp, maxima and statistics, then what was kept. */
    @Takes("h, w, targets, tile, cap, temperature, outside, wanted, keep, kept_type")
    NDArray[] headLogprobs(Scope out, Applied head, Logits logits, Wanted wanted);

    /** Gradient of the hidden states; logits are computed again. */
    @Takes("h, w, targets, lse, coef, dw, first, tile, cap, temperature, outside, entropy, entropy_coef")
    NDArray headBackward(Scope out, Applied head, Gradient gradient, Logits logits, ByEntropy entropy);

    /** The same from the softmax that the forward pass kept. */
    @Takes("h, w, targets, lse, coef, dw, first, kept")
    NDArray headBackwardKept(Scope out, Applied head, Gradient gradient, NDArray[] softmax);

    /** The same from the derivative that the forward pass kept, for a frozen head; coefficients as in {@link Gradient}. */
    @Takes("direction, coef")
    NDArray headBackwardFrozen(Scope out, NDArray direction, NDArray coefficients);

    /** All logits, float32 {@code [m, vocabulary]}. */
    @Takes("h, w, cap")
    NDArray headLogits(Scope out, NDArray hidden, NDArray weights, double cap);

    /**
     * Log-probabilities and ranks of targets {@code [m]}, then ids and log-probabilities {@code [m, k]} of the most probable
     * tokens.
     *
     * @param rows that are worked on at a time
     */
    @Takes("h, w, targets, k, cap, rows")
    NDArray[] rankedTokens(Scope out, Applied head, int k, double cap, long rows);

    /**
     * Scalar heads of a reward model, or their gradients.
     *
     * @param weights {@code [heads, d]}
     * @param bias {@code [heads]}; empty for none
     */
    record ScalarHeads(NDArray weights, NDArray bias) {}

    /** Rewards of scalar heads, float32 {@code [m * heads]}, those of a row together. */
    @Takes("h, w, b")
    NDArray scoreForward(Scope out, NDArray hidden, ScalarHeads heads);

    /**
     * Gradient of the hidden states by rewards.
     *
     * @param weights of the heads
     * @param gradients of the heads, written
     * @param first whether that is overwritten instead of added to
     */
    @Takes("h, w, drewards, dw, db, first")
    NDArray scoreBackward(
            Scope out, NDArray hidden, NDArray weights, NDArray dRewards, ScalarHeads gradients, boolean first);
}
