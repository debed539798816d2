package ai.preceptor.teacher.elicit;

import java.util.Locale;

/** The outcome of a prompt whose answers were scored. */
public enum GroupOutcome {
    /** It became a ranked group with at least one preference. */
    KEPT,
    /** Fewer than two distinct answers with a score. */
    TOO_FEW_ANSWERS,
    /** All its answers are equally good. */
    TIE,
    /** Its answers differ by less than the least gap. */
    BELOW_MIN_GAP;

    /** In summaries and rows. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
