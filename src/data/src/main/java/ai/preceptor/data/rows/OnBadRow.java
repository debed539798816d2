package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;

/** What a reader does with a row it cannot use. */
public enum OnBadRow {
    /** Ends with a {@link DataException} that names file, line and reason. */
    FAIL,
    /** Leaves the row out, counts it and lists it in the {@link ReadReport}. */
    SKIP
}
