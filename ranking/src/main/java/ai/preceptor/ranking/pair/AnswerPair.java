package ai.preceptor.ranking.pair;

import ai.preceptor.ranking.answer.OrderedPair;
import ai.preceptor.ranking.answer.RankedAnswer;
import java.util.ArrayList;
import java.util.List;

/**
 * A better and a worse answer to one prompt, as a pairwise loss sees them.
 *
 * @param chosen the better one
 * @param rejected the worse one
 * @param weight what the pair counts for in the step's loss, 0 or more: one over the rows of the step, for a group also
 *     over its pairs
 */
public record AnswerPair(RankedAnswer chosen, RankedAnswer rejected, double weight) {

    /**
     * The rule by which a ranked group is learnt from by pairs: every strictly ordered pair of its answers, each with an
     * equal share of the row's weight, so that every prompt counts the same whatever the number of its answers.
     *
     * @param answers K answers in any order
     * @param weight of the row
     */
    public static List<AnswerPair> of(List<RankedAnswer> answers, double weight) {
        List<OrderedPair> pairs = OrderedPair.of(answers);
        List<AnswerPair> made = new ArrayList<>();
        for (OrderedPair pair : pairs) {
            made.add(new AnswerPair(answers.get(pair.better()), answers.get(pair.worse()), weight / pairs.size()));
        }
        return made;
    }
}
