package ai.preceptor.teacher.prompts;

import java.util.Locale;

/** The outcome of a prompt that was made, or of the question for it. */
public enum PromptOutcome {
    /** It is new. */
    KEPT,
    /** Its ROUGE-L with a seed or a kept prompt is at the threshold or above. */
    TOO_SIMILAR,
    /** It is a seed or a kept prompt, but for case and white space. */
    DUPLICATE,
    /** The reply is not what was asked for, or is out of bounds. */
    MALFORMED,
    /** Evol-Instruct: the teacher finds it equal to the one it was made from. */
    NO_GAIN,
    /** Evol-Instruct: the teacher cannot answer it. */
    REFUSED,
    /** The question was not answered. */
    UNANSWERED;

    /** In summaries and rows. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
