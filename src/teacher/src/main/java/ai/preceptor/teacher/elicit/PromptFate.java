package ai.preceptor.teacher.elicit;

/** What became of a prompt whose answers were scored. */
public enum PromptFate {
    /** It became a ranked group with at least one preference. */
    KEPT("kept"),
    /** Fewer than two distinct answers with a score. */
    TOO_FEW("too_few_answers"),
    /** All its answers are equally good. */
    TIE("tie"),
    /** Its answers differ by less than the least gap. */
    BELOW_GAP("below_min_gap");

    private final String label;

    PromptFate(String label) {
        this.label = label;
    }

    /** In summaries and rows. */
    public String label() {
        return label;
    }
}
