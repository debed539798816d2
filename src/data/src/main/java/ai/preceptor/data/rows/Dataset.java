package ai.preceptor.data.rows;

import java.util.List;

/**
 * The usable rows of a file, and what became of the others.
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
}
