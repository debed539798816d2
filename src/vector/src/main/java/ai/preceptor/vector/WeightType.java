package ai.preceptor.vector;

/** How the weights of a packed matrix are stored. Rows, sums and results are float32 with each. */
public enum WeightType {
    /** As they are. */
    FLOAT32,
    /** Rounded to the nearest bfloat16. */
    BFLOAT16,
    /** Rounded to 8-bit whole numbers with a scale for each output, its largest magnitude / 127. */
    INT8
}
