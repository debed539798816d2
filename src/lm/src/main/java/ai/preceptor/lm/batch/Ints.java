package ai.preceptor.lm.batch;

import java.util.Arrays;

/** A growing list of ints. */
final class Ints {
    private int[] values = new int[64];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    int get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }

    /** Whether {@code [from, to)} holds exactly {@code other}. */
    boolean regionEquals(int from, int to, int[] other) {
        return Arrays.equals(values, from, to, other, 0, other.length);
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
