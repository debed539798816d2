package ai.preceptor.data.source;

import ai.preceptor.data.DataException;

/** Goes through the rows of a file, or of several, from the first to the last. Used by one thread. */
public interface RowCursor extends AutoCloseable {
    /**
     * Goes to the next row.
     *
     * @return false after the last
     * @throws DataException naming the file if it cannot be read on: it is damaged, cut off, or larger than is allowed
     */
    boolean advance();

    /** Where the current row stands. */
    RowPlace place();

    /**
     * The current row as the text of one JSON object on one line; it need not be a legal one.
     *
     * @throws RowException if it cannot be read although those after it can
     */
    String text() throws RowException;

    /** Closes the file. */
    @Override
    void close();
}
