package ai.preceptor.teacher.elicit;

import java.util.List;

/**
 * What an {@link AnswerCollector} collected.
 *
 * @param rows one per prompt, in their order
 * @param resumed how many came from a ledger, whole or in part
 */
public record CollectedAnswers(List<Elicited> rows, int resumed) {
    /** Copies the list. */
    public CollectedAnswers {
        rows = List.copyOf(rows);
    }
}
