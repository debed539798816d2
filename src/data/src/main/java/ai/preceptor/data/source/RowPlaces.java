package ai.preceptor.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the places of rows, eight bytes each: they come file by file. */
public final class RowPlaces {
    private final List<RowPlace> starts = new ArrayList<>();
    private int[] firsts = new int[4];
    private long[] numbers = new long[64];
    private int size;

    /** Adds a place. */
    public void add(RowPlace place) {
        Path last = starts.isEmpty() ? null : starts.get(starts.size() - 1).file();
        if (!place.file().equals(last)) {
            if (starts.size() == firsts.length) {
                firsts = Arrays.copyOf(firsts, 2 * firsts.length);
            }
            firsts[starts.size()] = size;
            starts.add(place);
        }
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        numbers[size++] = place.number();
    }

    /** All of them; nothing may be added afterwards. */
    public List<RowPlace> list() {
        return new LazyRows<>(size, this::get);
    }

    private RowPlace get(int index) {
        int at = Arrays.binarySearch(firsts, 0, starts.size(), index);
        RowPlace start = starts.get(at >= 0 ? at : -at - 2);
        return new RowPlace(start.file(), numbers[index], start.isLine());
    }
}
