package ai.preceptor.data.rows;

import org.jspecify.annotations.Nullable;

/**
 * One of the formats rows come in.
 *
 * @param <R> what a row becomes
 */
interface RowFormat<R> {

    /**
     * Takes a row apart.
     *
     * @throws RowException if the row breaks the format
     */
    R parse(Row row) throws RowException;

    /** Why nothing can be learnt from a well-formed row, or null if something can. */
    @Nullable
    DropReason dropReason(R row);
}
