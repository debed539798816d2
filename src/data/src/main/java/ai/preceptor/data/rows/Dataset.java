package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.data.source.RowPlace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The usable rows of files, and counts of the others.
 *
 * @param rows the rows in the files' order; copied, never empty when made by a reader. Those of large files are read again
 *     each time one is asked for
 * @param places for each of them where it stands; copied
 * @param report the account of all rows
 * @param <R> type of a row
 */
public record Dataset<R>(List<R> rows, List<RowPlace> places, ReadReport report) {

    /** @throws IllegalArgumentException if there are not as many places as rows */
    public Dataset {
        rows = LazyRows.copyOf(rows);
        places = LazyRows.copyOf(places);
        if (rows.size() != places.size()) {
            throw new IllegalArgumentException(
                    "places: expected as many as rows, " + rows.size() + ", received " + places.size());
        }
    }

    /** Number of usable rows. */
    public int size() {
        return rows.size();
    }

    /**
     * Those that a command can use; another is a bad row like one that breaks its format.
     *
     * @param file what they were read from
     * @param problem what is wrong with a row, if anything
     * @throws DataException if there are bad rows with {@link OnBadRow#FAIL}, naming the first ones, or if none is left
     */
    public Dataset<R> require(Path file, OnBadRow onBadRow, Function<R, Optional<String>> problem) {
        int[] good = new int[rows.size()];
        int kept = 0;
        List<String> refused = new ArrayList<>();
        BadRows bad = new BadRows();
        for (int i = 0; i < rows.size() && !bad.isFull(); i++) {
            Optional<String> reason = problem.apply(rows.get(i));
            if (reason.isEmpty()) {
                good[kept++] = i;
            } else if (onBadRow == OnBadRow.FAIL) {
                bad.add(places.get(i) + ": " + reason.get(), null);
            } else {
                refused.add(places.get(i) + ": " + reason.get());
            }
        }
        bad.throwIfAny();
        if (kept == 0) {
            throw DataException.in(
                    file,
                    "nothing to learn from: none of " + rows.size() + " rows can be used, the" + " first at "
                            + refused.get(0));
        }
        return refused.isEmpty() ? this : select(Arrays.copyOf(good, kept), report.without(refused));
    }

    /** The rows at some places of this, in this order, with another account. */
    public Dataset<R> select(int[] chosen, ReadReport account) {
        return new Dataset<>(LazyRows.select(rows, chosen), LazyRows.select(places, chosen), account);
    }

    /** The rows that each of these stands for, at its place; the report stays that of the files. */
    public <S> Dataset<S> flatMap(Function<R, List<S>> each) {
        IntStream.Builder origins = IntStream.builder();
        IntStream.Builder parts = IntStream.builder();
        for (int i = 0; i < rows.size(); i++) {
            int count = each.apply(rows.get(i)).size();
            for (int part = 0; part < count; part++) {
                origins.add(i);
                parts.add(part);
            }
        }
        int[] origin = origins.build().toArray();
        int[] part = parts.build().toArray();
        LazyRows<S> all = new LazyRows<>(
                origin.length, i -> each.apply(rows.get(origin[i])).get(part[i]));
        return new Dataset<>(
                rows instanceof LazyRows<R> ? all : List.copyOf(all), LazyRows.select(places, origin), report);
    }
}
