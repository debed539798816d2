package ai.preceptor.vector;

/** The largest of many numbers, by a heap whose root is the least of them. Equal numbers count in the order of their places. */
final class Largest {
    private final int[] places;
    private final float[] values;
    private int size;

    /** @param most how many are kept */
    Largest(int most) {
        this.places = new int[most];
        this.values = new float[most];
    }

    /** The largest of the first {@code n} numbers. */
    static Largest of(float[] z, int n, int most) {
        Largest largest = new Largest(Math.min(most, n));
        for (int i = 0; i < n; i++) {
            if (largest.size < largest.places.length) {
                largest.add(i, z[i]);
            } else if (most > 0 && z[i] > largest.values[0]) {
                largest.replaceLeast(i, z[i]);
            }
        }
        largest.sort();
        return largest;
    }

    int size() {
        return size;
    }

    /** In falling order. */
    float value(int rank) {
        return values[rank];
    }

    int place(int rank) {
        return places[rank];
    }

    private void add(int place, float value) {
        int at = size;
        size++;
        while (at > 0 && less(place, value, (at - 1) / 2)) {
            copy((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        set(at, place, value);
    }

    private void replaceLeast(int place, float value) {
        sink(0, size, place, value);
    }

    private void sink(int from, int end, int place, float value) {
        int at = from;
        while (2 * at + 1 < end) {
            int child = 2 * at + 1;
            if (child + 1 < end && less(places[child + 1], values[child + 1], child)) {
                child++;
            }
            if (less(place, value, child)) {
                break;
            }
            copy(child, at);
            at = child;
        }
        set(at, place, value);
    }

    /** Takes the least out again and again, to the end. */
    private void sort() {
        for (int end = size - 1; end > 0; end--) {
            int place = places[end];
            float value = values[end];
            copy(0, end);
            sink(0, end, place, value);
        }
    }

    /** Whether a number comes after the one at {@code other} in falling order. */
    private boolean less(int place, float value, int other) {
        return value < values[other] || value == values[other] && place > places[other];
    }

    private void copy(int from, int to) {
        places[to] = places[from];
        values[to] = values[from];
    }

    private void set(int at, int place, float value) {
        places[at] = place;
        values[at] = value;
    }
}
