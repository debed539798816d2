package ai.preceptor.dashboard.run;

/**
 * Some buckets of a curve, the last of which may still grow.
 *
 * @param generation of the file read: another one has other buckets
 * @param width points of a bucket
 * @param from number of the first bucket
 * @param step the last step of each
 * @param mean of each
 * @param min of each
 * @param max of each
 */
public record CurvePart(int generation, int width, int from, int[] step, double[] mean, float[] min, float[] max) {
    static CurvePart of(int width, int from, int count) {
        return new CurvePart(0, width, from, new int[count], new double[count], new float[count], new float[count]);
    }

    CurvePart of(int itsGeneration) {
        return new CurvePart(itsGeneration, width, from, step, mean, min, max);
    }
}
