package ai.preceptor.ranking.pair;

import ai.preceptor.ranking.answer.RankedAnswer;

/**
 * A better and a worse answer to one prompt, as a pairwise loss sees them.
 *
 * @param chosen the better one
 * @param rejected the worse one
 * @param weight what the pair counts for in the step's loss, 0 or more: one over the rows of the step, for a group also
 *     over its pairs
 */
public record AnswerPair(RankedAnswer chosen, RankedAnswer rejected, double weight) {}
