package ai.preceptor.data;

import java.util.List;

/**
 * The usable rows of a file, and what became of the others.
 *
 * @param rows the rows in the file's order; copied, never empty when made by a reader
 * @param report the account of all rows
 * @param <R> type of a row
 */
public record Dataset<R>(List<R> rows, ReadReport report) {

    /** Copies the list. */
    public Dataset {
        rows = List.copyOf(rows);
    }

    /** Number of usable rows. */
    public int size() {
        return rows.size();
    }
}
