package ai.preceptor.teacher.elicit;

import ai.preceptor.data.source.LazyRows;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Rows to learn from, and the account of the answers that they were made of.
 *
 * @param rows in the order of their prompts
 * @param counts of rows, and of answers that were left out
 * @param <R> type of a row
 */
public record WrittenRows<R>(List<R> rows, RowCounts counts) {

    /** Copies the list, unless it is lazy. */
    public WrittenRows {
        rows = LazyRows.copyOf(rows);
    }

    /**
     * The same with rows that are made of these each time one is asked for.
     *
     * @param row always an equal one
     */
    public <S> WrittenRows<S> as(Function<R, S> row) {
        List<R> from = rows;
        return new WrittenRows<>(new LazyRows<>(from.size(), i -> row.apply(from.get(i))), counts);
    }

    /** One line. */
    public String summary() {
        return counts.summary();
    }

    /** The counts by their names. */
    public Map<String, Object> toRow() {
        return counts.toRow();
    }
}
