package ai.preceptor.lm;

/**
 * How a model is loaded.
 *
 * @param precision element type of matrix products
 * @param trainable whether weights get float32 masters and gradients; a frozen model keeps only what it computes with
 */
public record LoadOptions(Precision precision, boolean trainable) {
    /** For inference in float32. */
    public static final LoadOptions FROZEN = new LoadOptions(Precision.FLOAT32, false);

    /** For training in float32. */
    public static final LoadOptions TRAINED = new LoadOptions(Precision.FLOAT32, true);
}
