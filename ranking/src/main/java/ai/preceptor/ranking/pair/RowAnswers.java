package ai.preceptor.ranking.pair;

import ai.preceptor.lm.batch.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the answers of a row lie among a micro-batch's targets.
 *
 * @param before spans of the row that are no answers: its scored prompt, or none
 * @param answers one per answer
 * @param scores the teacher's, one per answer
 */
record RowAnswers(List<Span> before, List<Span> answers, List<Double> scores) {

    /** The strictly ordered pairs, each with an equal share of the row. */
    List<TokenPair> pairs() {
        List<TokenPair> pairs = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            for (int j = 0; j < answers.size(); j++) {
                if (scores.get(i) > scores.get(j)) {
                    pairs.add(new TokenPair(answers.get(i), answers.get(j), 1, 1));
                }
            }
        }
        return pairs.stream().map(pair -> pair.sharing(pairs.size())).toList();
    }

    /** The best answer, the first of several. */
    Span best() {
        return answers.get(IntStream.range(0, answers.size())
                .boxed()
                .max((i, j) -> {
                    int byScore = Double.compare(scores.get(i), scores.get(j));
                    return byScore != 0 ? byScore : j - i;
                })
                .orElseThrow());
    }

    /** What a supervised term learns: the best answer, after the prompt where that is scored. */
    List<Span> imitated() {
        List<Span> imitated = new ArrayList<>(before);
        imitated.add(best());
        return Collections.unmodifiableList(imitated);
    }
}
