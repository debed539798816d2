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

    /** Not done, for this cause. */
    static <R> Outcome<R> failed(FailureKind kind, Throwable cause) {
        return new Failed<>(new Failure(kind, cause));
    }

    /** Done, without a result. */
    static Outcome<ActorMessage.Ready> ready() {
        return new Done<>(ActorMessage.Ready.READY, 0);
    }
}
