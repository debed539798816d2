package ai.preceptor.ranking;

import java.util.List;

/** The pure core of a ranking objective: from the log-probabilities of the answers to one prompt to a loss. */
public interface GroupLoss {

    /** The configuration's name, such as {@code dpo}. */
    String name();

    /** Whether the loss reads {@link RankedAnswer#referenceLogp}. */
    boolean needsReference();

    /**
     * The loss of one group and its exact gradient.
     *
     * @param answers the answers to one prompt in any order, at least one
     */
    GroupLossResult evaluate(List<RankedAnswer> answers);
}
