package ai.preceptor.teacher.elicit;

import java.util.Locale;

/** The outcome of a sampled answer. */
public enum AnswerOutcome {
    /** It was compared with others. */
    COMPARED,
    /** It says nothing. */
    BLANK,
    /** The teacher gave no score. */
    UNSCORED,
    /** It repeats an earlier answer to the same prompt. */
    DUPLICATE;

    /** In summaries and rows. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
