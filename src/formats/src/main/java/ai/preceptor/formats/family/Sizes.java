package ai.preceptor.formats.family;

/**
 * Sizes of a decoder.
 *
 * @param vocabulary rows of the embedding
 * @param hidden width of the residual stream
 * @param intermediate width of the feed-forward block
 * @param layers number of layers
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param headDim width of a head
 * @param positions positions the model is meant for
 */
public record Sizes(
        int vocabulary, int hidden, int intermediate, int layers, int heads, int kvHeads, int headDim, int positions) {}
