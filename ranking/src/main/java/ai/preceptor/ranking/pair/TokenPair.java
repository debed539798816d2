package ai.preceptor.ranking.pair;

import ai.preceptor.lm.batch.Span;
import ai.preceptor.ranking.answer.RankedAnswer;
import org.jspecify.annotations.Nullable;

/**
 * The positions of a pair's two answers among a micro-batch's targets.
 *
 * @param chosen tokens of the better answer
 * @param rejected tokens of the worse answer
 * @param share part of its row that the pair is: one over the row's pairs
 * @param importance what the pair counts for beside that: 1, or WPO's weight
 */
record TokenPair(Span chosen, Span rejected, double share, double importance) {

    /**
     * The same with WPO's weight.
     *
     * @param logprobs of the policy
     * @param logSumSquares what the policy's own tokens have on average
     */
    TokenPair weighed(float[] logprobs, float[] logSumSquares) {
        double weight = Math.exp(aligned(chosen, logprobs, logSumSquares) + aligned(rejected, logprobs, logSumSquares));
        return new TokenPair(chosen, rejected, share, weight);
    }

    /**
     * The pair as a loss sees it.
     *
     * @param reference log-probabilities of the reference; null for a loss that reads none
     * @param tail what tokens beyond the length of the shorter answer count for, in [0, 1] (LD-DPO)
     * @param rows of the step
     */
    AnswerPair answers(float[] logprobs, float @Nullable [] reference, double tail, int rows) {
        return new AnswerPair(
                answer(chosen, logprobs, reference, tail, 1),
                answer(rejected, logprobs, reference, tail, 0),
                share * importance / rows);
    }

    /** Adds a term's derivatives to those of the pair's tokens. */
    void spread(PairTerm term, double tail, float[] gradient) {
        spread(chosen, term.chosenSlope(), tail, gradient);
        spread(rejected, term.rejectedSlope(), tail, gradient);
    }

    /** Where the tokens of an answer end that lie within the length of the shorter one. */
    private int sharedEnd(Span span) {
        return span.from() + Math.min(chosen.length(), rejected.length());
    }

    private RankedAnswer answer(Span span, float[] logprobs, float @Nullable [] reference, double tail, double score) {
        double frozen = reference == null ? Double.NaN : sum(span, reference, tail);
        return new RankedAnswer(sum(span, logprobs, tail), frozen, span.length(), score);
    }

    private double sum(Span span, float[] values, double tail) {
        int end = sharedEnd(span);
        return new Span(span.from(), end).sum(values) + tail * new Span(end, span.to()).sum(values);
    }

    private void spread(Span span, double slope, double tail, float[] gradient) {
        int end = sharedEnd(span);
        for (int i = span.from(); i < span.to(); i++) {
            gradient[i] += (float) (i < end ? slope : tail * slope);
        }
    }

    private static double aligned(Span span, float[] logprobs, float[] logSumSquares) {
        return (span.sum(logprobs) - span.sum(logSumSquares)) / span.length();
    }
}
