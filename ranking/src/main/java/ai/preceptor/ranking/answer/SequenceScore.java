package ai.preceptor.ranking.answer;

import ai.preceptor.data.setting.Range;

/**
 * The score of an answer under a model: its summed log-probability, divided by a power of its length.
 *
 * <pre>  s = (sum over t of log pi(y_t | x, y_&lt;t)) / n^lengthPenalty</pre>
 *
 * <p>This is the one definition that every ranking objective uses: {@link #SUM} is the log-probability of the answer
 * (DPO), {@link #MEAN} the mean per token (RRHF, and PRO, which calls it the policy's reward). Between 0 and 1 it
 * favours neither short nor long answers entirely; above 1 it favours long ones.
 *
 * @param lengthPenalty exponent of the length, 0 or more
 */
public record SequenceScore(double lengthPenalty) {

    /** Log-probability of the whole answer, in nats. */
    public static final SequenceScore SUM = new SequenceScore(0);

    /** Mean log-probability of a token of the answer, in nats per token. */
    public static final SequenceScore MEAN = new SequenceScore(1);

    /** @throws IllegalArgumentException if {@code lengthPenalty} is negative or not finite */
    public SequenceScore {
        Range.require("length_penalty", lengthPenalty, "[0, inf)");
    }

    /** The score of an answer, in nats per token to the power of the penalty. */
    public double of(RankedAnswer answer) {
        return answer.logp() * slope(answer);
    }

    /** How fast the score grows with the log-probability of any one token: {@code n^-lengthPenalty}. */
    public double slope(RankedAnswer answer) {
        return Math.pow(answer.tokens(), -lengthPenalty);
    }
}
