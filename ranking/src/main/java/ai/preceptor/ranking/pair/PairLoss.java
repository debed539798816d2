package ai.preceptor.ranking.pair;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.answer.SequenceScore;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The pure core of a pairwise objective: from the log-probabilities of a micro-batch's pairs to a loss. It sees all pairs
 * together because some losses compare across them; the others take each by itself. Implementations are immutable.
 *
 * <p><b>Shapes.</b> N pairs in, N terms out; a term's derivatives are each the same for all tokens of an answer.
 *
 * <p><b>Masking.</b> Completion tokens only, each answer's end among them; prompts take no part, but see {@link #packing}.
 */
public interface PairLoss {

    /**
     * The configuration's name, such as {@code dpo}; also by what a run's checkpoints know the loss: going on with another
     * one is refused. Name the settings too that change what comes out, where no key does.
     */
    String name();

    /** Whether the loss reads {@link RankedAnswer#referenceLogp}. */
    boolean needsReference();

    /**
     * Coefficient of the pull to the reference, for metrics of answers that the policy samples itself: TRL's {@code beta}.
     * Empty by default.
     */
    default OptionalDouble klCoefficient() {
        return OptionalDouble.empty();
    }

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
}
