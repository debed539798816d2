package ai.preceptor.data.rows;

import java.util.List;

/**
 * Rows in two parts.
 *
 * @param train rows to learn from, in their original order; copied
 * @param heldOut rows to be judged by, in their original order; copied
 * @param <R> type of a row
 */
public record Split<R>(List<R> train, List<R> heldOut) {

    /** Copies both lists. */
    public Split {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }
}
