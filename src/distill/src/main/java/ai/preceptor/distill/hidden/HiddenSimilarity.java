package ai.preceptor.distill.hidden;

/**
 * The dissimilarity of a student's hidden states to a teacher's at the same tokens: a pure function of both.
 *
 * <p><b>Shapes.</b> {@code [tokens * d]} of each in, with a d of its own where widths may differ; derivatives as the student's.
 *
 * <p><b>Masking.</b> Learnt tokens only: the hidden states that predict them.
 *
 * <p>Values are sums over tokens (or rows), which the caller divides by those of the whole step, so that the micro-batches of a
 * step add up.
 */
public interface HiddenSimilarity {

    /** The configuration's name of it, such as {@code hidden_mse}. */
    String key();

    /** Whether both must have the same width, or be brought to it by a projection. */
    boolean needsEqualWidths();

    /** Whether it counts rows, not tokens: what its sum is divided by. */
    default boolean countsRows() {
        return false;
    }

    /**
     * The dissimilarity and its derivative.
     *
     * @param gradient {@code [tokens * student's width]}, overwritten: derivative by each of the student's numbers
     * @return summed over tokens, or rows; 0 or more
     * @throws IllegalArgumentException if tokens, or widths where they must, differ
     */
    double evaluate(HiddenStates teacher, HiddenStates student, float[] gradient);

    /** @throws IllegalArgumentException if the two do not go together */
    default void require(HiddenStates teacher, HiddenStates student, float[] gradient) {
        if (teacher.tokens() != student.tokens() || gradient.length != student.values().length) {
            throw new IllegalArgumentException(key() + ": teacher " + teacher.tokens() + " tokens, student "
                    + student.tokens() + ", gradient " + gradient.length + " numbers, must be as many");
        }
        if (needsEqualWidths() && teacher.width() != student.width()) {
            throw new IllegalArgumentException(key() + ": teacher's hidden size " + teacher.width() + ", student's "
                    + student.width() + ", must be equal, or brought to it by a projection");
        }
    }
}
