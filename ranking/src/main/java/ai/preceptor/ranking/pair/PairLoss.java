package ai.preceptor.ranking.pair;

import ai.preceptor.ranking.answer.OrderedPair;
import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.answer.SequenceScore;
import ai.preceptor.ranking.group.GroupLossResult;
import java.util.List;
import java.util.Map;

/**
 * The pure core of a pairwise objective: from the log-probabilities of a micro-batch's pairs to a loss. It sees all pairs
 * together because some losses compare across them; the others take each by itself. Implementations are immutable.
 */
public interface PairLoss {

    /**
     * The configuration's name, such as {@code dpo}; also by what a run's checkpoints know the loss: going on with another
     * one is refused. Name the settings too that change what comes out, where no key does.
     */
    String name();

    /** Whether the loss reads {@link RankedAnswer#referenceLogp}. */
    boolean needsReference();

    /** How sequences are put together; as the chat template has it unless the loss's trainer in TRL does otherwise. */
    default PairPacking packing() {
        return PairPacking.TEMPLATE;
    }

    /** By what power of its length an answer's log-probability is divided in {@code logps/*}; not at all by default. */
    default SequenceScore reported() {
        return SequenceScore.SUM;
    }

    /**
     * Weight of the supervised term: the mean negative log-probability over the tokens of the step's best answers, one per
     * row, that is added to the pairs' loss. None by default.
     */
    default double imitation() {
        return 0;
    }

    /** Whether {@link #terms} compares across pairs, so that its terms depend on which pairs are run together. */
    default boolean couplesPairs() {
        return false;
    }

    /**
     * Loss and exact gradient of each pair.
     *
     * @param pairs those of a micro-batch, at least one; log-probabilities in nats, summed over an answer's tokens
     * @return one per pair, in order; their losses add up, each multiplied by its pair's {@link AnswerPair#weight}
     */
    List<PairTerm> terms(List<AnswerPair> pairs);

    /**
     * The loss of one ranked group by itself: that of its pairs by {@link AnswerPair#of}, without the supervised term. A
     * group without a strictly ordered pair costs nothing.
     *
     * @param answers the answers to one prompt in any order
     */
    default GroupLossResult evaluate(List<RankedAnswer> answers) {
        List<OrderedPair> pairs = OrderedPair.of(answers);
        List<PairTerm> terms = terms(AnswerPair.of(answers, 1));
        double[] gradient = new double[answers.size()];
        double[] rewards = new double[answers.size()];
        double loss = 0;
        for (int i = 0; i < terms.size(); i++) {
            OrderedPair pair = pairs.get(i);
            loss += terms.get(i).loss();
            gradient[pair.better()] += terms.get(i).chosenSlope();
            gradient[pair.worse()] += terms.get(i).rejectedSlope();
            rewards[pair.better()] = terms.get(i).chosenReward();
            rewards[pair.worse()] = terms.get(i).rejectedReward();
        }
        return new GroupLossResult(loss, gradient, rewards, Map.of());
    }
}
