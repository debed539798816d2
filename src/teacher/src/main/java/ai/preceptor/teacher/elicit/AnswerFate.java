package ai.preceptor.teacher.elicit;

/** What became of a sampled answer. */
public enum AnswerFate {
    /** It was compared with others. */
    COMPARED("compared"),
    /** It says nothing. */
    BLANK("blank"),
    /** The teacher gave no score. */
    UNSCORED("unscored"),
    /** It repeats an earlier answer to the same prompt. */
    DUPLICATE("duplicate");

    private final String label;

    AnswerFate(String label) {
        this.label = label;
    }

    /** In summaries and rows. */
    public String label() {
        return label;
    }
}
