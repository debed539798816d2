package ai.preceptor.ranking.pair;

import ai.preceptor.lm.batch.Span;

/**
 * Where the two answers of a pair lie among a micro-batch's targets.
 *
 * @param chosen tokens of the better answer
 * @param rejected tokens of the worse answer
 * @param share part of its row that the pair is: one over the row's pairs
 * @param importance what the pair counts for beside that: 1, or WPO's weight
 */
record TokenPair(Span chosen, Span rejected, double share, double importance) {

    /** The same as one of so many pairs of its row. */
    TokenPair sharing(int pairs) {
        return new TokenPair(chosen, rejected, 1.0 / pairs, importance);
    }

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

    private static double aligned(Span span, float[] logprobs, float[] logSumSquares) {
        return (span.sum(logprobs) - span.sum(logSumSquares)) / span.length();
    }
}
