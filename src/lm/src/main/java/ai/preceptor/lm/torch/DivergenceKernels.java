package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;

/** The kernels over whole next-token distributions; divergence.kernels says what each tensor is. */
public interface DivergenceKernels {
    /**
     * Distributions of a student.
     *
     * @param hidden {@code [m, d]}
     * @param head {@code [vocabulary, d]}
     * @param targets {@code [m]}: token ids
     */
    record Student(NDArray hidden, NDArray head, NDArray targets) {}

    /**
     * Those of teachers.
     *
     * @param tensors two of each: hidden states and head, or ids and log-probabilities of the most probable tokens
     * @param modes of each, 1 where tokens that are not listed are one outcome
     * @param shares of each in the blend, adding up to 1
     * @param blend 0 for divergences from each, 1 from their mean distribution, 2 from their mean logits
     */
    record Teachers(NDArray[] tensors, long[] modes, double[] shares, long blend) {}

    /**
     * A weighted sum of divergences.
     *
     * @param kinds their numbers
     * @param settings parameter and weight of each
     * @param temperature of both distributions
     */
    record Terms(long[] kinds, double[] settings, double temperature) {}

    /**
     * A loss over rows, and its gradient.
     *
     * @param factors {@code [teachers, m]}: of the divergences from each; of a blend the first
     * @param likelihood {@code [m]} or empty: factors of the negative log-probability
     * @param head its gradient; empty where it is frozen
     * @param first whether that is overwritten instead of added to
     * @param wanted whether there is to be a gradient
     */
    record Loss(NDArray factors, NDArray likelihood, NDArray head, boolean first, boolean wanted) {}

    /**
     * Compares.
     *
     * @param rows that are worked on at a time
     * @param chunk rows that are multiplied into the head's gradient at a time
     * @return gradient of the hidden states, then for each row log-probability, entropy, top-1, every divergence from the
     *     blend if there is one, and for each teacher every divergence, and of one known by its tokens the student's mass on
     *     them, its own, and the share of them that are among the student's most probable
     */
    @Takes(
            "h, w, targets, teachers, modes, shares, blend, kinds, settings, t, factors, sft, dw, first, back, rows, chunk")
    NDArray[] compare(Scope out, Student student, Teachers teachers, Terms terms, Loss loss, long rows, int chunk);

    /** Ids {@code [m, k]} of the most probable tokens, and log-probabilities {@code [m, k + 1]}, the last of all others. */
    @Takes("h, w, k, t, rows")
    NDArray[] topTokens(Scope out, NDArray hidden, NDArray head, int k, double temperature, long rows);
}
