package ai.preceptor.data;

import java.util.List;

/** A stream of sampled and scored answers for the learner. */
public interface TrajectorySource extends AutoCloseable {

    /**
     * The answers to the next prompts, blocking until they are there.
     *
     * @param prompts how many prompts are wanted, 1 or more
     * @return complete groups: all answers to each prompt, ordered by {@link Trajectory#group()}
     * @throws IllegalArgumentException if {@code prompts} is below 1
     */
    List<Trajectory> next(int prompts);

    /** Stops the producers behind the source. */
    @Override
    void close();
}
