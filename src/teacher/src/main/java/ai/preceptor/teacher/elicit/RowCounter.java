package ai.preceptor.teacher.elicit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Collects rows and counts every answer once: {@link #keep} or {@link #leave}.
 *
 * @param <R> type of a row
 */
public final class RowCounter<R> {
    private final String name;
    private final Map<LeftOut, Integer> leftOut = new EnumMap<>(LeftOut.class);
    private final List<R> rows = new ArrayList<>();
    private int prompts;
    private int answers;
    private int unfinished;

    /**
     * Nothing yet.
     *
     * @param name what the rows are, in the plural
     * @param reasons for which answers are left out; each is reported, also with the count 0
     */
    public RowCounter(String name, LeftOut... reasons) {
        this.name = name;
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
        rows.add(row);
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

    /** What there is. */
    public WrittenRows<R> written() {
        return new WrittenRows<>(name, rows, prompts, answers, leftOut, unfinished);
    }
}
