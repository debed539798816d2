package ai.preceptor.vector;

import java.util.List;

/**
 * A model as a decode step reads it.
 *
 * @param sizes its sizes
 * @param layers in their order
 * @param finalNorm weight and shift of the norm before the head
 * @param head {@code [vocabulary, width]}
 * @param rotary tables that layers name by their place
 */
public record DecodeModel(
        Sizes sizes, List<Layer> layers, Norm finalNorm, PackedMatrix head, List<RotaryTable> rotary) {

    /** Copies the lists. */
    public DecodeModel {
        layers = List.copyOf(layers);
        rotary = List.copyOf(rotary);
    }

    /**
     * Sizes that all layers have.
     *
     * @param width of the residual stream
     * @param heads query heads
     * @param kvHeads key and value heads, a divisor of {@code heads}
     * @param headSize numbers of a head
     * @param window positions that windowed layers see, 0 for no window
     * @param parallel whether attention and MLP read the same stream
     * @param gated whether the MLP's first matrix gives a gate and what it gates
     * @param activation of the MLP
     * @param logitCap bound of the logits, 0 for none
     */
    public record Sizes(
            int width,
            int heads,
            int kvHeads,
            int headSize,
            int window,
            boolean parallel,
            boolean gated,
            Activation activation,
            double logitCap) {

        /** Query heads that read one key head. */
        int group() {
            return heads / kvHeads;
        }

        /** Numbers of queries, keys and values of a token. */
        int attentionInputs() {
            return (heads + 2 * kvHeads) * headSize;
        }
    }

    /**
     * A layer.
     *
     * @param matrices of it
     * @param norms of it
     * @param rotary place of its rotary table, -1 for none
     * @param windowed whether it has the model's window
     * @param scale of attention scores
     */
    public record Layer(Matrices matrices, Norms norms, int rotary, boolean windowed, float scale) {}

    /**
     * A layer's matrices with their biases.
     *
     * @param attention queries, keys and values, stacked
     * @param output of attention
     * @param up the MLP's first, gate above what it gates where there is a gate
     * @param down the MLP's second
     */
    public record Matrices(Linear attention, Linear output, Linear up, Linear down) {}

    /**
     * A layer's norms.
     *
     * @param beforeAttention of the stream
     * @param queries of runs of as many numbers as it has weights
     * @param keys the same
     * @param afterAttention of its output
     * @param beforeMlp of the stream
     * @param afterMlp of its output
     */
    public record Norms(
            Norm beforeAttention, Norm queries, Norm keys, Norm afterAttention, Norm beforeMlp, Norm afterMlp) {}
}
