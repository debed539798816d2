package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
import java.util.List;
import java.util.Optional;

/**
 * What a stage does, apart from queueing and retrying.
 *
 * @param <J> a job
 * @param <R> its result
 */
public interface StageHandler<J, R> {

    /** The stage's name. */
    String name();

    /** Index of the job's first prompt, or of its chunk. */
    long index(J job);

    /** What the index counts, for messages. */
    default String unit() {
        return "prompt";
    }

    /** Whether a failure ends the run at once, without a retry. */
    default boolean isFinal(Failure failure) {
        return failure.isFinal();
    }

    /** The request that does the job. */
    ActorMessage<R> request(J job);

    /** The parts to retry separately after a failure, so that one bad prompt does not fail others; by default the job itself. */
    default List<J> parts(J job) {
        return List.of(job);
    }

    /**
     * Takes a job's result.
     *
     * @return a failure to count nevertheless
     */
    Optional<Failure> done(J job, R result, long nanos);

    /** Takes a job that failed and is not retried. */
    void givenUp(J job, Failure first);

    /** The exception that ends the run when this stage cannot go on. An {@code InterruptedRunException} stays one. */
    RuntimeException fatal(String reason, Throwable cause);
}
