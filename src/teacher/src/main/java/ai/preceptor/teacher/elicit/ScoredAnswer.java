package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Score;
import org.jspecify.annotations.Nullable;

/**
 * One sampled answer and the teacher's score.
 *
 * @param text the answer
 * @param finished whether it ended by itself, not at the limit of tokens
 * @param score the teacher's score, or why there is none
 * @param model which of several students wrote it; null where there is one
 */
public record ScoredAnswer(
        String text,
        boolean finished,
        Score score,
        @Nullable String model) {
    /** Of the only student. */
    public ScoredAnswer(String text, boolean finished, Score score) {
        this(text, finished, score, null);
    }

    /** True if the answer says nothing; such answers are not shown to the teacher. */
    public boolean isBlank() {
        return text.isBlank();
    }

    /** True if asking the teacher again could help. */
    boolean wantsScore() {
        return !isBlank() && !score.isScored();
    }

    ScoredAnswer withScore(Score other) {
        return new ScoredAnswer(text, finished, other, model);
    }

    ScoredAnswer by(String student) {
        return new ScoredAnswer(text, finished, score, student);
    }
}
