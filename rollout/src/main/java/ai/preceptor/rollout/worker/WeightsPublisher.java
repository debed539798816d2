package ai.preceptor.rollout.worker;

import java.nio.file.Path;

/** Writes the learner's weights to files for workers. */
public interface WeightsPublisher extends AutoCloseable {
    /**
     * Writes the current weights. Called on a thread of the rollouts while the learner waits, and once before it starts; a
     * version that exists already is not written again.
     *
     * @param version of the weights, above earlier ones
     * @return a directory with only the files of these weights, left unchanged until the call after the next
     */
    Path publish(long version);

    /** Removes what was written. */
    @Override
    void close();
}
