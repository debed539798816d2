package ai.preceptor.cli.command.workers;

import ai.preceptor.data.DataException;
import ai.preceptor.lm.NotFiniteException;

/** A model's numbers for a row of a chunk are not finite. */
public final class FailedRowException extends DataException {
    private static final long serialVersionUID = 1;

    private final int row;

    FailedRowException(int row, String message) {
        super(message);
        this.row = row;
    }

    FailedRowException(NotFiniteException cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.row = cause.index();
    }

    /** Which row of its chunk, from 0. */
    public int row() {
        return row;
    }
}
