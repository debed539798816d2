package ai.preceptor.formats.family;

/**
 * The structure of a layer, apart from its sizes. Which norms it has follows from {@link TensorNames}.
 *
 * @param norm kind of all norms of the residual stream
 * @param wholeHeads true when the norms of queries and keys, if any, run over all heads together instead of each
 * @param activation of the feed-forward block
 * @param gated true when the activation multiplies a second projection
 * @param parallel true when attention and feed-forward block read the same stream and are added together
 */
public record LayerStyle(NormKind norm, boolean wholeHeads, Activation activation, boolean gated, boolean parallel) {
    /** Kinds of norm. */
    public enum NormKind {
        /** {@code x / rms(x) * w}. */
        RMS(0),
        /** {@code (x - mean) / deviation * w + b}. */
        LAYER(1),
        /** {@code x / rms(x) * (1 + w)}. */
        RMS_OFFSET(2);

        private final int code;

        NormKind(int code) {
            this.code = code;
        }

        /** The number kernels know it by. */
        public int code() {
            return code;
        }
    }

    /** Llama's: RMSNorm and a gated feed-forward block. */
    static LayerStyle gated(Activation activation) {
        return new LayerStyle(NormKind.RMS, false, activation, true, false);
    }
}
