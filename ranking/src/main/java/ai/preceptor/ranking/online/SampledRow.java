package ai.preceptor.ranking.online;

import ai.preceptor.data.Trajectory;
import java.util.List;

/**
 * A row of an objective whose answers were sampled, with their tokens.
 *
 * @param row as the objective has it
 * @param answers those of its spans that the row learns from, in their order, with the scores that they are compared by
 * @param firstSpan place of the first of them among the row's spans
 * @param tokens of all its texts
 * @param <R> type of the row
 */
public record SampledRow<R>(R row, List<Trajectory> answers, int firstSpan, SampledTokens tokens) {
    /** Copies the list. */
    public SampledRow {
        answers = List.copyOf(answers);
    }
}
