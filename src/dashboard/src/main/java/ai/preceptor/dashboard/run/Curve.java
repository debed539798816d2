package ai.preceptor.dashboard.run;

import java.util.Arrays;

/**
 * A metric over the steps, in at most {@value #CAPACITY} buckets however long the run is. A bucket covers as many points as
 * any other, with their mean, least and largest value; when all are full, neighbours are joined.
 */
final class Curve {
    static final int CAPACITY = 2048;

    private final int[] step = new int[CAPACITY];
    private final double[] sum = new double[CAPACITY];
    private final float[] min = new float[CAPACITY];
    private final float[] max = new float[CAPACITY];
    private int width = 1;
    private int buckets;
    private int inLast;

    /** Adds a point; not a number is none. */
    void add(int atStep, double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        if (buckets == 0 || inLast == width) {
            if (buckets == CAPACITY) {
                join();
            }
            if (buckets == 0 || inLast == width) {
                open();
            }
        }
        int last = buckets - 1;
        step[last] = atStep;
        sum[last] += value;
        min[last] = Math.min(min[last], (float) value);
        max[last] = Math.max(max[last], (float) value);
        inLast++;
    }

    private void open() {
        sum[buckets] = 0;
        min[buckets] = Float.POSITIVE_INFINITY;
        max[buckets] = Float.NEGATIVE_INFINITY;
        buckets++;
        inLast = 0;
    }

    private void join() {
        for (int i = 0; i < CAPACITY / 2; i++) {
            step[i] = step[2 * i + 1];
            sum[i] = sum[2 * i] + sum[2 * i + 1];
            min[i] = Math.min(min[2 * i], min[2 * i + 1]);
            max[i] = Math.max(max[2 * i], max[2 * i + 1]);
        }
        buckets = CAPACITY / 2;
        width *= 2;
        inLast = width;
    }

    /** Points of a bucket. */
    int width() {
        return width;
    }

    int buckets() {
        return buckets;
    }

    /**
     * The curve in at most {@code points} buckets, from bucket {@code from} on; if their width is not {@code known}, all
     * of it.
     *
     * @param points at least 1
     * @param from first bucket wanted, of those that are {@code known} points wide
     * @param known width of the buckets that the reader has; 0 if it has none
     */
    CurvePart part(int points, int from, int known) {
        int joined = 1;
        while ((buckets + joined - 1) / joined > points) {
            joined *= 2;
        }
        int count = (buckets + joined - 1) / joined;
        int first = known == width * joined ? Math.min(Math.max(from, 0), count) : 0;
        CurvePart part = CurvePart.of(width * joined, first, count - first);
        for (int i = first; i < count; i++) {
            int begin = i * joined;
            int end = Math.min(begin + joined, buckets);
            int at = i - first;
            part.step()[at] = step[end - 1];
            part.mean()[at] = Arrays.stream(sum, begin, end).sum() / points(begin, end);
            part.min()[at] = least(begin, end);
            part.max()[at] = largest(begin, end);
        }
        return part;
    }

    private long points(int begin, int end) {
        return (long) (end - begin) * width - (end == buckets ? width - inLast : 0);
    }

    private float least(int begin, int end) {
        float least = min[begin];
        for (int i = begin + 1; i < end; i++) {
            least = Math.min(least, min[i]);
        }
        return least;
    }

    private float largest(int begin, int end) {
        float largest = max[begin];
        for (int i = begin + 1; i < end; i++) {
            largest = Math.max(largest, max[i]);
        }
        return largest;
    }
}
