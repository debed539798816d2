package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.served.http.CallException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Calls that wait for the {@link RateLimiter}, first come, first served. On one event loop. */
final class CallQueue {
    private final Vertx vertx;
    private final RateLimiter limiter;
    private final LongSupplier nanoClock;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final Set<Promise<Void>> resting = new HashSet<>();
    private @Nullable RuntimeException shut;
    private long timer = -1;

    CallQueue(Vertx vertx, RateLimiter limiter, LongSupplier nanoClock) {
        this.vertx = vertx;
        this.limiter = limiter;
        this.nanoClock = nanoClock;
    }

    private record Waiting(int tokens, Promise<Void> turn) {}

    /** Completes when a call of so many tokens has begun; fails when no more will. */
    Future<Void> enter(int tokens) {
        Promise<Void> turn = Promise.promise();
        queue.add(new Waiting(tokens, turn));
        turnOn();
        return turn.future();
    }

    /** Completes after a while; fails as soon as no call may begin any more. */
    Future<Void> rest(Duration rest) {
        if (shut != null) {
            return Future.failedFuture(shut);
        }
        Promise<Void> rested = Promise.promise();
        resting.add(rested);
        vertx.setTimer(Math.max(1, rest.toMillis()), end -> {
            resting.remove(rested);
            rested.tryComplete();
        });
        return rested.future();
    }

    /** To be called after every call that ended, when the limiter knows. */
    void turnOn() {
        CallException gone = limiter.gone();
        if (shut == null && gone != null) {
            shut(gone);
        }
        while (!queue.isEmpty()) {
            if (shut != null) {
                queue.remove().turn().fail(shut);
                continue;
            }
            Waiting next = queue.getFirst();
            long now = nanoClock.getAsLong();
            long wait = limiter.delay(now, next.tokens());
            if (wait > 0) {
                later(wait);
                return;
            }
            queue.remove();
            limiter.begin(now, next.tokens());
            next.turn().complete();
        }
    }

    /** Refuses all resting, waiting and future calls for the given reason. */
    void shut(RuntimeException why) {
        shut = shut == null ? why : shut;
        RuntimeException first = shut;
        List.copyOf(resting).forEach(rested -> rested.tryFail(first));
        turnOn();
    }

    @Nullable
    RuntimeException whyShut() {
        return shut;
    }

    int waiting() {
        return queue.size();
    }

    private void later(long nanos) {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
        if (nanos != RateLimiter.UNTIL_ONE_ENDS) {
            timer = vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, fired -> {
                timer = -1;
                turnOn();
            });
        }
    }
}
