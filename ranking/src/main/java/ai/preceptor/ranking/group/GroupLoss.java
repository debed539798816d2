package ai.preceptor.ranking.group;

import ai.preceptor.ranking.answer.RankedAnswer;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The pure core of a ranking objective: from the log-probabilities of the answers to one prompt to a loss. Implementations
 * are immutable.
 *
 * <p><b>Shapes.</b> K answers in; one number and K derivatives out, each the same for all tokens of its answer.
 *
 * <p><b>Masking.</b> Completion tokens only, each answer's end of turn among them; prompts take no part.
 */
public interface GroupLoss {

    /**
     * The configuration's name, such as {@code rrhf}; also by what a run's checkpoints know the loss: going on with another
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

    /**
     * The loss of one group and its exact gradient.
     *
     * @param answers the answers to one prompt in any order, at least one; log-probabilities in nats, summed over an answer's
     *     tokens
     * @return the loss, and per answer its derivative and reward; the objective takes the mean over the step's rows
     */
    GroupLossResult evaluate(List<RankedAnswer> answers);
}
