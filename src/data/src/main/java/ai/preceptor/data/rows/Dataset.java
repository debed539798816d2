package ai.preceptor.data.rows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * The usable rows of a file, and counts of the others.
 *
 * @param rows the rows in the file's order; copied, never empty when made by a reader
 * @param lines for each of them the line it stands on, from 1; copied
 * @param report the account of all rows
 * @param <R> type of a row
 */
public record Dataset<R>(List<R> rows, List<Long> lines, ReadReport report) {

    /** @throws IllegalArgumentException if there are not as many lines as rows */
    public Dataset {
        rows = List.copyOf(rows);
        lines = List.copyOf(lines);
        if (rows.size() != lines.size()) {
            throw new IllegalArgumentException(
                    "lines: expected as many as rows, " + rows.size() + ", received " + lines.size());
        }
    }

    /** Number of usable rows. */
    public int size() {
        return rows.size();
    }

    /** The rows that each of these stands for, on its line; the report stays that of the file. */
    public <S> Dataset<S> flatMap(Function<R, List<S>> each) {
        List<S> all = new ArrayList<>();
        List<Long> places = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<S> some = each.apply(rows.get(i));
            all.addAll(some);
            places.addAll(Collections.nCopies(some.size(), lines.get(i)));
        }
        return new Dataset<>(all, places, report);
    }
}
