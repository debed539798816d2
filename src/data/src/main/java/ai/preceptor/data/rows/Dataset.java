package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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

    /**
     * Those that a command can use; another is a bad row like one that breaks its format.
     *
     * @param file they were read from
     * @param problem what is wrong with a row, if anything
     * @throws DataException if there are bad rows with {@link OnBadRow#FAIL}, naming the first ones, or if none is left
     */
    public Dataset<R> require(Path file, OnBadRow onBadRow, Function<R, Optional<String>> problem) {
        List<R> good = new ArrayList<>();
        List<Long> places = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        BadRows bad = new BadRows();
        for (int i = 0; i < rows.size() && !bad.isFull(); i++) {
            Optional<String> reason = problem.apply(rows.get(i));
            if (reason.isEmpty()) {
                good.add(rows.get(i));
                places.add(lines.get(i));
            } else if (onBadRow == OnBadRow.FAIL) {
                bad.add(file + ":" + lines.get(i) + ": " + reason.get(), null);
            } else {
                refused.add(file + ":" + lines.get(i) + ": " + reason.get());
            }
        }
        bad.throwIfAny();
        if (good.isEmpty()) {
            throw DataException.in(
                    file,
                    "nothing to learn from: none of " + rows.size() + " rows can be used, the" + " first at "
                            + refused.get(0));
        }
        return refused.isEmpty() ? this : new Dataset<>(good, places, report.without(refused));
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
