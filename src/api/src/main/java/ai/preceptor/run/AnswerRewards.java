package ai.preceptor.run;

import org.jspecify.annotations.Nullable;

/**
 * The reward of one answer, or the reason why there is none.
 *
 * @param heads {@code [heads]} finite rewards, of an ensemble several; empty if there are none
 * @param problem null if there are rewards, else why not
 */
public record AnswerRewards(double[] heads, @Nullable String problem) {
    /** The rewards of an answer, {@code [heads]}. */
    public static AnswerRewards of(double[] heads) {
        return new AnswerRewards(heads, null);
    }

    /** An answer without rewards, and why. */
    public static AnswerRewards none(String problem) {
        return new AnswerRewards(new double[0], problem);
    }
}
