package ai.preceptor.vector;

/** How the weights of a packed matrix are stored. Rows, sums and results are float32 with each. */
public enum WeightType {
    /** As they are. */
    FLOAT32(4),
    /** Rounded to the nearest bfloat16. */
    BFLOAT16(2),
    /** Rounded to 8-bit whole numbers with a scale for each output, its largest magnitude / 127. */
    INT8(1);

    private final int bytes;

    WeightType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of a weight. */
    public int bytes() {
        return bytes;
    }
}
