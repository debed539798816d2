package ai.preceptor.ranking.pair;

import ai.preceptor.lm.batch.Span;
import ai.preceptor.ranking.answer.RankedAnswer;
import org.jspecify.annotations.Nullable;

/**
 * From tokens to pairs and back: sums log-probabilities, and gives each token its part of a derivative. Tokens of an answer
 * beyond the length of the shorter one of its pair count for {@code tail} (LD-DPO).
 *
 * @param logprobs {@code [targets]} of the policy
 * @param reference {@code [targets]} of the reference; null for a loss that reads none
 * @param tail in [0, 1]; 1 if all tokens count alike
 */
record PairTokens(float[] logprobs, float @Nullable [] reference, double tail) {

    /**
     * The pair as a loss sees it.
     *
     * @param rows of the step
     */
    AnswerPair pair(TokenPair pair, int rows) {
        int shared = shared(pair);
        return new AnswerPair(
                answer(pair.chosen(), shared, 1),
                answer(pair.rejected(), shared, 0),
                pair.share() * pair.importance() / rows);
    }

    /** Adds a term's derivatives to those of the pair's tokens. */
    void spread(TokenPair pair, PairTerm term, float[] gradient) {
        int shared = shared(pair);
        spread(pair.chosen(), shared, term.chosenSlope(), gradient);
        spread(pair.rejected(), shared, term.rejectedSlope(), gradient);
    }

    private static int shared(TokenPair pair) {
        return Math.min(pair.chosen().length(), pair.rejected().length());
    }

    private RankedAnswer answer(Span span, int shared, double score) {
        double frozen = reference == null ? Double.NaN : sum(span, shared, reference);
        return new RankedAnswer(sum(span, shared, logprobs), frozen, span.length(), score);
    }

    private double sum(Span span, int shared, float[] values) {
        int end = span.from() + shared;
        return new Span(span.from(), end).sum(values) + tail * new Span(end, span.to()).sum(values);
    }

    private void spread(Span span, int shared, double slope, float[] gradient) {
        for (int i = span.from(); i < span.to(); i++) {
            gradient[i] += (float) (i < span.from() + shared ? slope : tail * slope);
        }
    }
}
