package ai.preceptor.data.source;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.IntFunction;

/**
 * A list whose elements are made again each time they are asked for, because all of them may not fit in memory. It cannot be
 * changed. Elements at one place are equal, not the same.
 */
public final class LazyRows<R> extends AbstractList<R> implements RandomAccess {
    private final int size;
    private final IntFunction<R> rows;

    /**
     * A list of so many.
     *
     * @param rows the element at each place, from 0; always an equal one
     */
    public LazyRows(int size, IntFunction<R> rows) {
        this.size = size;
        this.rows = rows;
    }

    /** As {@link List#copyOf}, but a lazy list stays one. */
    public static <R> List<R> copyOf(List<R> rows) {
        return rows instanceof LazyRows<R> ? rows : List.copyOf(rows);
    }

    /** Elements at some places, in this order; lazy if {@code rows} is. */
    public static <R> List<R> select(List<R> rows, int[] places) {
        int[] kept = places.clone();
        LazyRows<R> chosen = new LazyRows<>(kept.length, i -> rows.get(kept[i]));
        return rows instanceof LazyRows<R> ? chosen : List.copyOf(chosen);
    }

    @Override
    public R get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("row " + index + " of " + size);
        }
        return rows.apply(index);
    }

    @Override
    public int size() {
        return size;
    }
}
