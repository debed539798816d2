package ai.preceptor.vector;

/**
 * A norm of a row.
 *
 * @param weight one number a place, for RMSNorm whose weights are stored as offsets from 1 with that 1 added; empty for no norm
 * @param shift one number a place; empty for none
 * @param centred whether it is LayerNorm, else RMSNorm
 * @param epsilon added to the mean of squares
 */
@SuppressWarnings("ArrayRecordComponent") // weights, compared by nobody
public record Norm(float[] weight, float[] shift, boolean centred, double epsilon) {
    boolean isEmpty() {
        return weight.length == 0;
    }

    /** Norms {@code n} numbers, a multiple of the weights', run by run, in place. */
    void applyRuns(float[] x, int from, int n) {
        for (int run = 0; run < n; run += weight.length) {
            apply(x, from + run, x, from + run);
        }
    }

    /** Norms as many numbers as there are weights; without weights nothing happens. */
    void apply(float[] x, int from, float[] y, int to) {
        int n = weight.length;
        float mean = centred ? mean(x, from, n) : 0;
        for (int i = 0; i < n; i++) {
            y[to + i] = x[from + i] - mean;
        }
        float scale = (float) (1 / Math.sqrt((double) Lanes.sumOfSquares(y, to, n) / n + epsilon));
        for (int i = 0; i < n; i++) {
            y[to + i] = y[to + i] * scale * weight[i];
        }
        for (int i = 0; i < shift.length; i++) {
            y[to + i] += shift[i];
        }
    }

    private static float mean(float[] x, int from, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[from + i];
        }
        return (float) (sum / n);
    }
}
