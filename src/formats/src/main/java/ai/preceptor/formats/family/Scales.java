package ai.preceptor.formats.family;

import java.util.List;

/**
 * Constant multipliers in a decoder.
 *
 * @param embedding multiplies embeddings
 * @param attention for each layer, multiplies scores before the softmax
 * @param logitCap logits are {@code cap * tanh(logits / cap)}; 0 for none
 */
public record Scales(double embedding, List<Double> attention, double logitCap) {
    /** Copies the list. */
    public Scales {
        attention = List.copyOf(attention);
    }
}
