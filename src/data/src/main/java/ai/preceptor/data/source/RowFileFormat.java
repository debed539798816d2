package ai.preceptor.data.source;

import ai.preceptor.data.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * A format of files that hold rows. Implementations are found by {@link java.util.ServiceLoader}, have a public constructor
 * without parameters, and keep no state. {@code RowFileFormatContract} in the tests of {@code data} checks one.
 */
public interface RowFileFormat {
    /** Its name in messages, such as {@code Parquet}. */
    String name();

    /** How names of its files end, without the dot, in lower case; for example {@code [csv, csv.gz]}. */
    List<String> extensions();

    /**
     * Whether a file is of this format by how it begins, whatever its name is.
     *
     * @param start its first bytes, at most 16
     */
    boolean recognizes(byte[] start);

    /**
     * Opens a file.
     *
     * @throws DataException naming the file if it cannot be opened, or is of another format
     */
    RowCursor open(Path file);

    /**
     * The number of rows, where a file says it without being read through; empty where rows must be counted.
     *
     * @throws DataException as {@link #open}
     */
    default OptionalLong rows(Path file) {
        return OptionalLong.empty();
    }
}
