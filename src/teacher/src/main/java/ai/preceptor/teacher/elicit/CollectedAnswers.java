package ai.preceptor.teacher.elicit;

import ai.preceptor.data.source.LazyRows;
import java.util.List;

/**
 * What an {@link AnswerCollector} collected.
 *
 * @param rows one per prompt, in their order; copied. A collector's are read from its ledger each time one is asked for
 * @param resumed how many came from a ledger, whole or in part
 */
public record CollectedAnswers(List<Elicited> rows, int resumed) {
    /** Copies the list. */
    public CollectedAnswers {
        rows = LazyRows.copyOf(rows);
    }
}
