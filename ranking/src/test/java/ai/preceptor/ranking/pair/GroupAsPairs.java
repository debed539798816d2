package ai.preceptor.ranking.pair;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.group.GroupLossResult;
import ai.preceptor.train.OrderedPair;
import java.util.List;
import java.util.Map;

/** A {@link PairLoss} of one ranked group, worked out directly: what {@link PairObjective} is compared with. */
public final class GroupAsPairs {

    private GroupAsPairs() {}

    /**
     * The loss of the strictly ordered pairs, each with an equal share, without the supervised term. A group without such a
     * pair costs nothing.
     */
    public static GroupLossResult evaluate(PairLoss loss, List<RankedAnswer> answers) {
        List<OrderedPair> ordered = OrderedPair.of(RankedAnswer.scores(answers));
        List<PairTerm> terms = loss.terms(ordered.stream()
                .map(pair ->
                        new AnswerPair(answers.get(pair.better()), answers.get(pair.worse()), 1.0 / ordered.size()))
                .toList());
        double[] gradient = new double[answers.size()];
        double[] rewards = new double[answers.size()];
        double total = 0;
        for (int i = 0; i < terms.size(); i++) {
            OrderedPair pair = ordered.get(i);
            PairTerm term = terms.get(i);
            total += term.loss();
            gradient[pair.better()] += term.chosenSlope();
            gradient[pair.worse()] += term.rejectedSlope();
            rewards[pair.better()] = term.chosenReward();
            rewards[pair.worse()] = term.rejectedReward();
        }
        return new GroupLossResult(total, gradient, rewards, Map.of());
    }
}
