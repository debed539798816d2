package ai.preceptor.distill.hidden;

/**
 * All cosines among n vectors, and what a derivative by them is by the vectors.
 *
 * @param units {@code [n][width]}: the vectors, each of length 1
 * @param norms {@code [n]}: how long they were
 */
@SuppressWarnings("ArrayRecordComponent") // numbers to compute with, compared by nobody
record CosineMatrix(double[][] units, double[] norms) {

    static CosineMatrix of(double[][] vectors) {
        double[][] units = new double[vectors.length][];
        double[] norms = new double[vectors.length];
        for (int i = 0; i < vectors.length; i++) {
            double sum = 0;
            for (double value : vectors[i]) {
                sum += value * value;
            }
            norms[i] = Math.max(Math.sqrt(sum), 1e-12);
            units[i] = new double[vectors[i].length];
            for (int d = 0; d < units[i].length; d++) {
                units[i][d] = vectors[i][d] / norms[i];
            }
        }
        return new CosineMatrix(units, norms);
    }

    double cosine(int i, int j) {
        double sum = 0;
        for (int d = 0; d < units[i].length; d++) {
            sum += units[i][d] * units[j][d];
        }
        return sum;
    }

    /**
     * The mean squared difference of all cosines to another's, and its derivative by these vectors.
     *
     * @param gradient {@code [n][width]}, added to
     * @return {@code 1/n^2 sum over i and j of (cos_ij - other_ij)^2}
     */
    double meanSquaredGap(CosineMatrix other, double[][] gradient) {
        int n = units.length;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) { // the diagonal is 1 in both
                double cosine = cosine(i, j);
                double gap = cosine - other.cosine(i, j);
                sum += 2 * gap * gap;
                double slope = 4 * gap / ((double) n * n);
                push(gradient[i], i, j, cosine, slope);
                push(gradient[j], j, i, cosine, slope);
            }
        }
        return sum / ((double) n * n);
    }

    /** Adds slope times the derivative of cos(a, b) by vector a. */
    private void push(double[] gradient, int a, int b, double cosine, double slope) {
        for (int d = 0; d < gradient.length; d++) {
            gradient[d] += slope * (units[b][d] - cosine * units[a][d]) / norms[a];
        }
    }
}
