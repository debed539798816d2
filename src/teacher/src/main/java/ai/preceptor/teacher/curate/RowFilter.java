package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which rows of a data set are dropped.
 *
 * <p>It sees all rows that earlier filters kept at once, so that it can compare them and ask a model about many together. The
 * same rows give the same verdicts.
 */
public interface RowFilter {
    /** What it does, in a word or two, for messages. */
    String name();

    /**
     * Judges rows.
     *
     * @param rows in the file's order; may be empty
     * @return for each, in order, why it is dropped, or null where it stays
     */
    List<@Nullable Drop> judge(List<SourceRow> rows);
}
