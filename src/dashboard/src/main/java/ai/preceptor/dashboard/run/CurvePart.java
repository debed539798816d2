package ai.preceptor.dashboard.run;

/**
 * Some buckets of a curve, the last of which may still grow.
 *
 * @param width points of a bucket
 * @param from number of the first bucket
 * @param step the last step of each
 * @param mean of each
 * @param min of each
 * @param max of each
 */
public record CurvePart(int width, int from, int[] step, double[] mean, float[] min, float[] max) {
    static CurvePart of(int width, int from, int count) {
        return new CurvePart(width, from, new int[count], new double[count], new float[count], new float[count]);
    }
}
