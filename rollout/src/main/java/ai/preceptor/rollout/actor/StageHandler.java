package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
import java.util.List;
import java.util.Optional;

/**
 * What a stage does, apart from waiting and trying again.
 *
 * @param <J> a job
 * @param <R> what an actor makes of it
 */
public interface StageHandler<J, R> {

    /** The stage's name. */
    String name();

    /** Place of the job's first prompt. */
    long index(J job);

    /** What to ask an actor. */
    ActorMessage<R> order(J job);

    /** What to try apart after a failure, so that one bad prompt does not take others with it; the job itself if it is one. */
    default List<J> parts(J job) {
        return List.of(job);
    }

    /**
     * An actor did it.
     *
     * @return what nevertheless counts as a failure
     */
    Optional<Failure> done(J job, R result, long nanos);

    /** No actor did it, and it will not be tried again. */
    void givenUp(J job, Failure first);

    /** The exception that ends the run when this stage cannot go on. An {@code InterruptedRunException} stays one. */
    RuntimeException fatal(String reason, Throwable cause);
}
