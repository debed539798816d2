package ai.preceptor.teacher.elicit;

import java.util.Locale;

/** Why an answer did not become a row. */
public enum LeftOut {
    /** It says nothing. */
    BLANK("blank"),
    /** It was not given: a call without a reply. */
    MISSING("not given"),
    /** It was truncated at the token limit, and such answers are not wanted. */
    UNFINISHED("unfinished"),
    /** Its revision was truncated at the token limit. */
    TRUNCATED_REVISION("with a truncated revision"),
    /** The teacher gave no score. */
    UNSCORED("unscored"),
    /** It repeats an earlier answer to the same prompt. */
    DUPLICATE("duplicate"),
    /** Its final value is not that of the row's own answer, or the rule did not verify it. */
    WRONG("wrong"),
    /** Its score is below the threshold. */
    BELOW_THRESHOLD("below the threshold"),
    /** Others to the same prompt have better scores, or came first. */
    NOT_SELECTED("not selected"),
    /** It has no last line {@code Answer: ...}, or more than one such line. */
    NO_ANSWER_LINE("without one answer line"),
    /** It is the row's own answer. */
    SAME_AS_ROW("same as the row's"),
    /** The teacher gave no critique of it. */
    NO_CRITIQUE("without a critique"),
    /** The revision is the answer itself. */
    UNCHANGED("unchanged by the revision");

    private final String words;

    LeftOut(String words) {
        this.words = words;
    }

    /** In rows of {@code summary.json}, after {@code answers/}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In sentences, after a number. */
    public String words() {
        return words;
    }
}
