package ai.preceptor.formats.family;

/**
 * Which projections have biases.
 *
 * @param qkv queries, keys and values
 * @param output attention's output
 * @param mlp the feed-forward block's
 */
public record Biases(boolean qkv, boolean output, boolean mlp) {
    /** All of attention's or none. */
    static Biases attention(boolean attention, boolean mlp) {
        return new Biases(attention, attention, mlp);
    }
}
