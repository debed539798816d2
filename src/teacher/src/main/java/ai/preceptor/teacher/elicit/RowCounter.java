package ai.preceptor.teacher.elicit;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Passes rows on and counts every answer once: {@link #keep} or {@link #leave}.
 *
 * @param <R> type of a row
 */
public final class RowCounter<R> {
    private final String name;
    private final Consumer<? super R> rows;
    private final Map<LeftOut, Integer> leftOut = new EnumMap<>(LeftOut.class);
    private int kept;
    private int prompts;
    private int answers;
    private int unfinished;

    /**
     * Nothing yet.
     *
     * @param name what the rows are, in the plural
     * @param rows where they go
     * @param reasons for which answers are left out; each is reported, also with the count 0
     */
    public RowCounter(String name, Consumer<? super R> rows, LeftOut... reasons) {
        this.name = name;
        this.rows = rows;
        for (LeftOut reason : reasons) {
            leftOut.put(reason, 0);
        }
    }

    /** Another prompt. */
    public void prompt() {
        prompts++;
    }

    /** An answer that became a row. */
    public void keep(R row) {
        answers++;
        kept++;
        rows.accept(row);
    }

    /** An answer that did not. */
    public void leave(LeftOut reason) {
        answers++;
        leftOut.merge(reason, 1, Integer::sum);
    }

    /** An answer that was truncated at the token limit, counted beside its outcome. */
    public void truncated() {
        unfinished++;
    }

    /** What there is so far. */
    public RowCounts counts() {
        return new RowCounts(name, kept, prompts, answers, leftOut, unfinished);
    }
}
