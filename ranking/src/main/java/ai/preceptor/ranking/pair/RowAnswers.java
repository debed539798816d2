package ai.preceptor.ranking.pair;

import ai.preceptor.lm.batch.Span;
import ai.preceptor.train.OrderedPair;
import ai.preceptor.train.PlackettLuce;
import java.util.List;
import java.util.stream.Stream;

/**
 * The positions of a row's answers among a micro-batch's targets.
 *
 * @param before spans of the row that are no answers: its scored prompt, or none
 * @param answers one per answer
 * @param scores the teacher's, one per answer
 */
record RowAnswers(List<Span> before, List<Span> answers, List<Double> scores) {

    /** The strictly ordered pairs, each with an equal share of the row. */
    List<TokenPair> pairs() {
        List<OrderedPair> ordered = OrderedPair.of(scores);
        return ordered.stream()
                .map(pair ->
                        new TokenPair(answers.get(pair.better()), answers.get(pair.worse()), 1.0 / ordered.size(), 1))
                .toList();
    }

    /** What a supervised term learns: the best answer, the first of several, after the prompt where that is scored. */
    List<Span> imitated() {
        Span best = answers.get(PlackettLuce.ranking(scores)[0]);
        return Stream.concat(before.stream(), Stream.of(best)).toList();
    }
}
