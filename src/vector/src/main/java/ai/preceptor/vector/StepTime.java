package ai.preceptor.vector;

/**
 * Nanoseconds that a {@link DecodeStep} has taken so far, by its parts.
 *
 * @param products matrix products, the head's included
 * @param attention over keys and values
 * @param other norms, rotary embeddings, activations, sums
 * @param draw of tokens
 */
public record StepTime(long products, long attention, long other, long draw) {
    /** What was taken since. */
    public StepTime since(StepTime before) {
        return new StepTime(
                products - before.products, attention - before.attention, other - before.other, draw - before.draw);
    }
}
