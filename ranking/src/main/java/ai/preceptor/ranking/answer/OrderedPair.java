package ai.preceptor.ranking.answer;

import java.util.ArrayList;
import java.util.List;

/**
 * Two answers of a group of which the first is strictly better.
 *
 * @param better index of the answer with the higher score
 * @param worse index of the answer with the lower score
 */
public record OrderedPair(int better, int worse) {

    /**
     * All strictly ordered pairs of a group. Answers with equal scores make no pair: a tie says nothing about which
     * one to prefer.
     *
     * @param answers K answers in any order
     * @return at most K (K - 1) / 2 pairs; none if all scores are equal
     */
    public static List<OrderedPair> of(List<RankedAnswer> answers) {
        List<OrderedPair> pairs = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            for (int j = 0; j < answers.size(); j++) {
                if (answers.get(i).score() > answers.get(j).score()) {
                    pairs.add(new OrderedPair(i, j));
                }
            }
        }
        return pairs;
    }
}
