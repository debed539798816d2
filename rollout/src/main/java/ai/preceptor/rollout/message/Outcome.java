package ai.preceptor.rollout.message;

/** What an actor answers to an {@link ActorMessage}. */
public sealed interface Outcome<R> {

    /**
     * Done.
     *
     * @param result what was asked for
     * @param nanos time it took, without any waiting
     */
    record Done<R>(R result, long nanos) implements Outcome<R> {}

    /** Not done. */
    record Failed<R>(Failure failure) implements Outcome<R> {}
}
