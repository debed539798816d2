package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.OptionalLong;

/** An actor's address, in this process or another. */
public interface ActorRef {
    /** @return its answer; fails if none comes before the deadline, or the actor is gone */
    <R> Future<Outcome<R>> ask(ActorMessage<R> request, Duration deadline);

    /** Steps it has made, which change while it makes progress; empty if unknown here. */
    OptionalLong steps();

    /** Interrupts its request, or refuses it if it has not begun; no other begins before the actor has reported. */
    void interrupt();

    /** Interrupts its request and refuses new ones. */
    void shut();

    /** The pool has dropped it and will send no more requests. */
    void dropped(String why);
}
