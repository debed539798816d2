package ai.preceptor.data.source;

import ai.preceptor.data.DataException;
import java.nio.file.Path;

/**
 * Where a row stands.
 *
 * @param file the file that holds it
 * @param number its line, or its place among the file's rows where the format has no lines; from 1
 * @param isLine whether the number is that of a line
 */
public record RowPlace(Path file, long number, boolean isLine) {
    /** A line of a text file. */
    public static RowPlace line(Path file, long number) {
        return new RowPlace(file, number, true);
    }

    /** A row of a file without lines. */
    public static RowPlace row(Path file, long number) {
        return new RowPlace(file, number, false);
    }

    /** A problem with this row: {@code pairs.jsonl:17: reason}. */
    public DataException problem(String reason) {
        return new DataException(this + ": " + reason);
    }

    /** {@code pairs.jsonl:17}, or {@code pairs.parquet, row 17}. */
    @Override
    public String toString() {
        return isLine ? file + ":" + number : file + ", row " + number;
    }
}
