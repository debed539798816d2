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
     * Those of a teacher.
     *
     * @param tensors hidden states and head, or ids and log-probabilities of the most probable tokens
     * @param mode 1 where tokens that are not listed are one outcome
     */
    record Teacher(NDArray[] tensors, int mode) {}

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
     * @param factors {@code [m]}: of the divergences
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
     * @return gradient of the hidden states, then for each row log-probability, entropy, top-1 and every divergence
     */
    @Takes("h, w, targets, teacher, mode, kinds, settings, t, factors, sft, dw, first, back, rows, chunk")
    NDArray[] compare(Scope out, Student student, Teacher teacher, Terms terms, Loss loss, long rows, int chunk);

    /** Ids {@code [m, k]} of the most probable tokens, and log-probabilities {@code [m, k + 1]}, the last of all others. */
    @Takes("h, w, k, t, rows")
    NDArray[] topTokens(Scope out, NDArray hidden, NDArray head, int k, double temperature, long rows);
}
