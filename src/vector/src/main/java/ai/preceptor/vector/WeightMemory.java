package ai.preceptor.vector;

/**
 * Arrays that packed matrices share. Java's heap grows to their size at once; with an array for each matrix it would collect garbage again
 * and again on the way there.
 */
public final class WeightMemory {
    /** Numbers of an array, at most: 2 GiB. */
    private static final int MOST = 1 << 29;

    private final WeightType type;
    private final int most;
    private long left;
    private float[] floats = new float[0];
    private int[] ints = new int[0];
    private int used;

    /**
     * Room for matrices. It is taken with the first of them.
     *
     * @param numbers of all matrices, by {@link PackedMatrix#numbers}
     */
    public WeightMemory(WeightType type, long numbers) {
        this(type, numbers, MOST);
    }

    /** @param most numbers of an array, unless one matrix has more */
    WeightMemory(WeightType type, long numbers, int most) {
        this.type = type;
        this.left = numbers;
        this.most = most;
    }

    /** Takes room for a matrix. @return where it begins in the present array */
    int take(int numbers) {
        int length = type == WeightType.FLOAT32 ? floats.length : ints.length;
        if (used + (long) numbers > length) {
            int next = (int) Math.max(numbers, Math.min(left, most));
            if (type == WeightType.FLOAT32) {
                floats = new float[next];
            } else {
                ints = new int[next];
            }
            used = 0;
        }
        int from = used;
        used += numbers;
        left -= numbers;
        return from;
    }

    /** The present array, for weights in float32. */
    float[] floats() {
        return floats;
    }

    /** The present array, for other weights. */
    int[] ints() {
        return ints;
    }
}
