package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.OptionalLong;

/** The way to an actor, wherever it is. */
public interface ActorRef {
    /** @return what it answers; fails if it does not answer in time, or is gone */
    <R> Future<Outcome<R>> ask(ActorMessage<R> order, Duration deadline);

    /** A number that changes as long as it gets on with what it was asked; empty where that is not known here. */
    OptionalLong steps();

    /** Makes what it does end soon. */
    void interrupt();

    /** The same, and lets nothing more begin. */
    void shut();

    /** Nobody will ask it any more. */
    void dropped(String why);
}
