package ai.preceptor.teacher.elicit;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import java.util.List;

/**
 * Asks a teacher which of several sampled answers it prefers.
 *
 * <p>Answers are collected, and a run is gone on with, as {@link AnswerCollector} does.
 *
 * @param teacher who scores; stays its owner's to close
 * @param sampler who answers
 * @param selection what becomes of the scores
 * @param promptsPerBatch prompts between two writes to the ledger, at least 1; part of what a resumed run must keep
 */
public record PreferenceElicitor(
        Scorer teacher, AnswerSampler sampler, PreferenceSelection selection, int promptsPerBatch) {
    /** @throws IllegalArgumentException if {@code promptsPerBatch} is below 1 */
    public PreferenceElicitor {
        if (promptsPerBatch < 1) {
            throw new IllegalArgumentException("prompts per batch: " + promptsPerBatch + ", must be at least 1");
        }
    }

    /**
     * Elicits.
     *
     * @param prompts what to ask
     * @param ledger where answers are kept
     * @param progress told after every batch
     * @throws ScorerException if the teacher could score nothing; what it scored before is in the ledger
     * @throws DataException if no preference came out of it
     */
    public Elicitation elicit(List<Prompt> prompts, Ledger ledger, PromptProgress progress) {
        CollectedAnswers collected =
                AnswerCollector.sampling(teacher, sampler, promptsPerBatch).collect(prompts, ledger, progress);
        Elicitation result = selection.select(collected.rows(), collected.resumed());
        if (result.preferences().isEmpty()) {
            throw new DataException("elicitation with " + teacher.name() + ": nothing to learn from: "
                    + result.report().summary());
        }
        return result;
    }
}
