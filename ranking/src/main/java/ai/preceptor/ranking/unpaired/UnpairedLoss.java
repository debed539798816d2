package ai.preceptor.ranking.unpaired;

import java.util.OptionalDouble;

/**
 * The pure core of an objective over single labeled answers: from the log-probabilities of an answer and its label to a
 * loss. Implementations are immutable.
 *
 * <p><b>Masking.</b> Completion tokens only; prompts take no part.
 */
public interface UnpairedLoss {

    /**
     * The configuration's name, such as {@code kto}; also by what a run's checkpoints know the loss: going on with another
     * one is refused. Name the settings too that change what comes out, where no key does.
     */
    String name();

    /** Whether the loss reads {@link LabeledAnswer#referenceLogp}. A {@link Baseline#MISMATCHED_KL} needs it. */
    boolean needsReference();

    /**
     * Coefficient of the pull to the reference, for metrics of answers that the policy samples itself: TRL's {@code beta}.
     * Empty by default.
     */
    default OptionalDouble klCoefficient() {
        return OptionalDouble.empty();
    }

    /** What {@link #term} is given as its baseline; none by default. */
    default Baseline baseline() {
        return Baseline.NONE;
    }

    /** The reward of an answer in the eyes of the policy: for metrics and for {@link Baseline#RUNNING_REWARD}. */
    double reward(LabeledAnswer answer);

    /**
     * The loss of one answer and its exact derivative.
     *
     * @param baseline a constant in the derivative; 0 for {@link Baseline#NONE}
     * @return the objective takes the mean over the step's rows
     */
    UnpairedTerm term(LabeledAnswer answer, double baseline);

    /** What an answer is compared with. */
    enum Baseline {
        /** Nothing. */
        NONE,
        /** The mean log-ratio of mismatched answers in the micro-batch, in nats, not below 0: an estimate of the KL. */
        MISMATCHED_KL,
        /** The mean reward of all answers trained on so far, in training those in hand included. */
        RUNNING_REWARD
    }
}
