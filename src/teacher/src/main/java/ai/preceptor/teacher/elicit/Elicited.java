package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Prompt;
import java.util.List;

/**
 * A prompt with all sampled answers and their scores.
 *
 * @param prompt what was asked
 * @param answers in the order sampled, duplicates and unscored ones included
 */
public record Elicited(Prompt prompt, List<ScoredAnswer> answers) {

    /** Copies the list. */
    public Elicited {
        answers = List.copyOf(answers);
    }
}
