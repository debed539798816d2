package ai.preceptor.train;

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
     * All strictly ordered pairs of a group. Answers with equal scores make no pair: a tie does not say which to prefer.
     *
     * @param scores K scores in any order
     * @return at most K (K - 1) / 2 pairs; none if all scores are equal
     */
    public static List<OrderedPair> of(List<Double> scores) {
        List<OrderedPair> pairs = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            for (int j = 0; j < scores.size(); j++) {
                if (scores.get(i) > scores.get(j)) {
                    pairs.add(new OrderedPair(i, j));
                }
            }
        }
        return pairs;
    }
}
