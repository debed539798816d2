package ai.preceptor.data.rows;

/** Why a row is left out; the label is the key of {@link ReadReport#dropped()}. */
enum DropReason {
    /** All answers are equally good. */
    TIE("tie", "are ties"),
    /** An answer says nothing. */
    EMPTY_ANSWER("empty answer", "have an empty answer"),
    /** The better and the worse answer are the same. */
    SAME_ANSWERS("chosen == rejected", "have chosen == rejected"),
    /** All answers of a ranked group are the same. */
    IDENTICAL_RESPONSES("identical responses", "have identical responses"),
    /** The row breaks its format. */
    BAD_ROW("bad row", "are bad");

    private final String label;
    private final String predicate;

    DropReason(String label, String predicate) {
        this.label = label;
        this.predicate = predicate;
    }

    String label() {
        return label;
    }

    /** What all rows of a data set are, as in {@code all 12 rows are ties}. */
    String predicate() {
        return predicate;
    }
}
