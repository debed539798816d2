package ai.preceptor.rollout.worker;

import java.nio.file.Path;

/** Writes the learner's weights where workers can be given them from. */
public interface WeightsPublisher extends AutoCloseable {
    /**
     * Writes the weights as they are now. Called on a thread of the rollouts' while the learner waits, and once before it
     * begins; a version that is there already is not written again.
     *
     * @param version of the weights, above those before
     * @return a directory with nothing but the files of these weights, which stays as it is until the call after the next
     */
    Path publish(long version);

    /** Removes what was written. */
    @Override
    void close();
}
