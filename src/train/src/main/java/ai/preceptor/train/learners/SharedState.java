package ai.preceptor.train.learners;

import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.run.Stateful;

/**
 * State of a run that learns from rows, and so from other rows on each learner: a running mean, a trained projection. The loop has
 * it summed over the learners after the passes of a step and before the step itself, so that it is the same on all.
 */
public interface SharedState extends Stateful {
    /** Replaces what this learner has collected in the step by the sum over all. */
    void sum(Collective learners);
}
