package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** The kernels of a head over the vocabulary; head.kernels says what each tensor is. */
public final class HeadKernels {
    private static final String LOGPROBS = "head_logprobs";
    private static final String BACKWARD = "head_backward";
    private static final String CAPPED = "head_backward_capped";
    private static final String KEPT = "head_backward_kept";
    private static final String FROZEN = "head_backward_frozen";
    private static final List<String> GRADIENT = List.of("h", "w", "targets", "lse", "coef", "dw", "first");

    private final Kernels kernels;

    /** @throws IllegalStateException if a kernel takes other arguments than these, or in another order */
    HeadKernels(Kernels kernels) {
        this.kernels = kernels;
        kernels.require(LOGPROBS, List.of("h", "w", "targets", "tile", "cap", "wanted", "keep", "kept_type"));
        kernels.require(BACKWARD, GRADIENT, "tile");
        kernels.require(CAPPED, GRADIENT, "tile", "cap");
        kernels.require(KEPT, GRADIENT, "kept");
        kernels.require(FROZEN, List.of("direction", "coef"));
    }

    /**
     * A head and what it is applied to.
     *
     * @param hidden {@code [m, d]}
     * @param weights {@code [vocabulary, d]}
     * @param targets {@code [m]}: token ids
     * @param tile rows of the vocabulary that are computed at a time
     * @param cap bound of the logits, 0 for none
     */
    public record Applied(NDArray hidden, NDArray weights, NDArray targets, long tile, double cap) {}

    /**
     * What the forward pass gives beside log-probabilities.
     *
     * @param statistics bits of the statistics that are wanted
     * @param keep 0 for nothing, 1 for the softmax, 2 for the derivative
     * @param elementType of what is kept, PyTorch's number
     */
    public record Wanted(int statistics, int keep, int elementType) {}

    /**
     * What the backward pass starts from and where it ends.
     *
     * @param logSumExp {@code [m, 1]}, of the forward pass
     * @param coefficients {@code [m]}: derivative by each log-probability
     * @param weights gradient of the head; empty where it is frozen
     * @param first whether that is overwritten instead of added to
     */
    public record Gradient(NDArray logSumExp, NDArray coefficients, NDArray weights, boolean first) {}

    /** Log-probabilities, their log-sum-exp, maxima and statistics, then what was kept. */
    public NDArray[] logprobs(Scope out, Applied head, Wanted wanted) {
        return kernels.callMany(
                out,
                LOGPROBS,
                head.hidden,
                head.weights,
                head.targets,
                head.tile,
                head.cap,
                wanted.statistics,
                wanted.keep,
                wanted.elementType);
    }

    /** Gradient of the hidden states; logits are computed again. */
    public NDArray backward(Scope out, Applied head, Gradient gradient) {
        if (head.cap > 0) {
            return kernels.call(
                    out,
                    CAPPED,
                    head.hidden,
                    head.weights,
                    head.targets,
                    gradient.logSumExp,
                    gradient.coefficients,
                    gradient.weights,
                    gradient.first,
                    head.tile,
                    head.cap);
        }
        return kernels.call(
                out,
                BACKWARD,
                head.hidden,
                head.weights,
                head.targets,
                gradient.logSumExp,
                gradient.coefficients,
                gradient.weights,
                gradient.first,
                head.tile);
    }

    /** The same from the softmax that the forward pass kept. */
    public NDArray backwardOfKept(Scope out, Applied head, Gradient gradient, NDArray[] softmax) {
        return kernels.call(
                out,
                KEPT,
                head.hidden,
                head.weights,
                head.targets,
                gradient.logSumExp,
                gradient.coefficients,
                gradient.weights,
                gradient.first,
                softmax);
    }

    /** The same from the derivative that the forward pass kept, for a frozen head. */
    public NDArray backwardOfFrozen(Scope out, NDArray direction, NDArray coefficients) {
        return kernels.call(out, FROZEN, direction, coefficients);
    }
}
