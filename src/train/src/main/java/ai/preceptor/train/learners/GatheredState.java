package ai.preceptor.train.learners;

import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.run.Stateful;

/** State of which each learner may have a part: before learner 0 saves it, all learners bring it together. */
public interface GatheredState extends Stateful {
    /** Brings the parts together on learner 0; nothing where each learner has all. Every learner calls it. */
    void gather(Collective learners);

    /** Frees what was brought together. */
    void release();

    /** The same of a part that may be one. */
    static void gather(Stateful part, Collective learners) {
        if (part instanceof GatheredState gathered) {
            gathered.gather(learners);
        }
    }

    /** As {@link #gather(Stateful, Collective)}. */
    static void release(Stateful part) {
        if (part instanceof GatheredState gathered) {
            gathered.release();
        }
    }
}
