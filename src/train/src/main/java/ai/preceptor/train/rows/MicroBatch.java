package ai.preceptor.train.rows;

import java.util.List;

/**
 * Rows that are computed together.
 *
 * @param rows at least one row
 * @param positions for each row, its place in the source (0-based), by which errors name it
 */
public record MicroBatch<R>(List<R> rows, List<Integer> positions) {

    /** @throws IllegalArgumentException when empty, or when the two lists differ in length */
    public MicroBatch {
        rows = List.copyOf(rows);
        positions = List.copyOf(positions);
        if (rows.isEmpty() || rows.size() != positions.size()) {
            throw new IllegalArgumentException("micro-batch of " + rows.size() + " rows with " + positions.size()
                    + " positions, legal: as many as rows, 1 or more");
        }
    }
}
