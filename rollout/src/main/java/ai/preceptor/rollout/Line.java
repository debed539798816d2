package ai.preceptor.rollout;

import io.vertx.core.Future;
import java.time.Duration;

/** The way to an actor, wherever it is. */
interface Line {
    /** @return what it answers; fails if it does not answer in time, or is gone */
    <R> Future<Outcome<R>> ask(Order<R> order, Duration deadline);

    /** Makes what it does end soon. */
    void interrupt();

    /** The same, and lets nothing more begin. */
    void shut();

    /** Nobody will ask it any more. */
    void dropped(String why);
}
