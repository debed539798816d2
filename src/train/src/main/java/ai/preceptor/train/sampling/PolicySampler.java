package ai.preceptor.train.sampling;

import ai.preceptor.data.TrajectorySource;

/** The source of a learner's samples: trajectories of the policy that is being trained. */
public interface PolicySampler extends TrajectorySource {

    /**
     * Tells that the weights changed; what is sampled from now on is sampled with the new ones. Called once before each
     * batch but the first.
     *
     * @param version above the last one
     */
    void publish(long version);

    /** Place of the first prompt that the learner has not got: where a resumed run goes on. */
    long cursor();

    /** Whether this learner tells what was sampled: of several with the same samples only one does. */
    default boolean reports() {
        return true;
    }

    /** Starts a sampler, at the beginning or where an earlier run stopped. */
    @FunctionalInterface
    interface Opener {
        /**
         * Starts it.
         *
         * @param cursor place of the first prompt
         * @param version of the weights that sample
         */
        PolicySampler open(long cursor, long version);
    }
}
