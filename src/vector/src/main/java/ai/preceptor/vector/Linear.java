package ai.preceptor.vector;

/**
 * A matrix with a bias.
 *
 * @param matrix {@code [outputs, inputs]}
 * @param bias one number an output, or none
 */
@SuppressWarnings("ArrayRecordComponent") // weights, compared by nobody
public record Linear(PackedMatrix matrix, float[] bias) {
    /** Adds the bias to a row of a product. */
    void addBias(float[] y, int from) {
        for (int i = 0; i < bias.length; i++) {
            y[from + i] += bias[i];
        }
    }
}
