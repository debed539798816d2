package ai.preceptor.distill.hidden;

/**
 * The dissimilarity of a student's attention to a teacher's at the same tokens: a pure function of both.
 *
 * <p><b>Shapes.</b> {@code [tokens][keys]} of each: for every token the mean over heads of the probabilities with which it
 * attends to the tokens before it and itself. Each row adds up to 1. Numbers of heads may differ.
 *
 * <p><b>Masking.</b> Learnt tokens only: the tokens that predict them.
 *
 * <p>Values are sums over tokens, which the caller divides by those of the whole step.
 */
public interface AttentionSimilarity {

    /** The configuration's name of it, such as {@code attention_kl}. */
    String key();

    /**
     * The dissimilarity and its derivative.
     *
     * @param gradient {@code [tokens][keys]}, overwritten: derivative by each of the student's probabilities, taken as
     *     independent of each other
     * @return summed over tokens; 0 or more
     * @throws IllegalArgumentException if tokens or keys differ
     */
    double evaluate(float[][] teacher, float[][] student, float[][] gradient);

    /** @throws IllegalArgumentException if the two do not go together */
    default void require(float[][] teacher, float[][] student, float[][] gradient) {
        boolean fit = teacher.length == student.length && gradient.length == student.length;
        for (int token = 0; fit && token < student.length; token++) {
            fit = teacher[token].length == student[token].length && gradient[token].length == student[token].length;
        }
        if (!fit) {
            throw new IllegalArgumentException(
                    key() + ": teacher's and student's attention must be of the same tokens to the same tokens");
        }
    }
}
