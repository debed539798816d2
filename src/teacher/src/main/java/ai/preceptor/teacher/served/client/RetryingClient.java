package ai.preceptor.teacher.served.client;

import ai.preceptor.data.TeacherException;
import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a call until it is answered, or refused, or its attempts are used up. On one event loop. */
final class RetryingClient {
    private static final Logger LOG = LoggerFactory.getLogger(RetryingClient.class);

    private final Vertx vertx;
    private final ServerOptions options;
    private final BilledCalls billed;
    private final TeacherMeters meters;
    private final Chances chances;
    private final RateLimiter gate;
    private final CallQueue turnstile;

    RetryingClient(Vertx vertx, ServerOptions options, BilledCalls billed, TeacherMeters meters, Chances chances) {
        this.vertx = vertx;
        this.options = options;
        this.billed = billed;
        this.meters = meters;
        this.chances = chances;
        this.gate = new RateLimiter(options.limits(), options.backoff());
        this.turnstile = new CallQueue(vertx, gate, chances.nanoClock());
    }

    /**
     * What is not in this program's hands.
     *
     * @param nanoClock time
     * @param jitter in [0, 1)
     */
    record Chances(LongSupplier nanoClock, DoubleSupplier jitter) {}

    /** A call with its past. */
    private record Attempt(
            PreparedCall call, int failures, @Nullable CallException first) {
        Attempt failedBy(CallException cause) {
            return new Attempt(call, failures + 1, first == null ? cause : first);
        }
    }

    /**
     * A reply; or the first cause why there is none, as {@link CallException}, or as {@link TeacherException} if no call
     * will be answered.
     */
    Future<ChatReply> send(PreparedCall call) {
        return attempt(new Attempt(call, 0, null));
    }

    /** Lets no call begin any more. */
    void shut(RuntimeException why) {
        turnstile.shut(why);
    }

    private Future<ChatReply> attempt(Attempt attempt) {
        PreparedCall call = attempt.call();
        return turnstile.enter(call.request().tokens()).recover(this::notLetIn).compose(mayBegin -> {
            show();
            return billed.send(call).onSuccess(reply -> left(null)).recover(cause -> again(attempt, cause));
        });
    }

    private Future<Void> notLetIn(Throwable why) {
        return why instanceof CallException gone
                ? Future.failedFuture(
                        forGood("the server is unavailable, the first failure was: " + gone.getMessage(), gone))
                : Future.failedFuture(why);
    }

    /** Another attempt, if that may help. */
    private Future<ChatReply> again(Attempt attempt, Throwable cause) {
        if (!(cause instanceof CallException failure)) {
            left(null); // no money, or no disk
            return Future.failedFuture(cause);
        }
        meters.failed(failure.kind());
        Attempt next = attempt.failedBy(failure);
        if (!failure.kind().isRetried()) {
            boolean denied = failure.kind() == CallFailure.DENIED;
            if (denied) {
                shut(forGood(String.valueOf(failure.getMessage()), failure));
            }
            left(null);
            return denied ? Future.failedFuture(shutBecause(failure)) : Future.failedFuture(failure);
        }
        Duration rest = rest(next, failure);
        left(new Left(failure, rest));
        if (failure.isLast()) {
            return Future.failedFuture(failure);
        }
        if (next.failures() > options.limits().teacherRetries()) {
            CallException first = next.first() == null ? failure : next.first();
            return Future.failedFuture(first);
        }
        meters.retried();
        LOG.debug("teacher: {}; tried again in {} ms", failure.getMessage(), rest.toMillis());
        Promise<Void> rested = Promise.promise();
        vertx.setTimer(Math.max(1, rest.toMillis()), timer -> rested.complete());
        return rested.future().compose(awake -> attempt(next));
    }

    private RuntimeException shutBecause(CallException failure) {
        RuntimeException why = turnstile.whyShut();
        return why == null ? failure : why;
    }

    private Duration rest(Attempt next, CallException failure) {
        Backoff backoff = options.backoff();
        Duration asked = failure.retryAfter();
        int failures = Math.max(next.failures(), failure.kind() == CallFailure.THROTTLED ? gate.refusals() + 1 : 1);
        Duration own = backoff.delay(failures, chances.jitter().getAsDouble());
        if (asked == null) {
            return own;
        }
        Duration bounded = asked.compareTo(backoff.longestDelay()) > 0 ? backoff.longestDelay() : asked;
        // not all at the same moment
        return bounded.plus(backoff.delay(1, chances.jitter().getAsDouble()).dividedBy(4));
    }

    /** How a call left that will be sent again. */
    private record Left(CallException failure, Duration rest) {}

    /** A call has ended; with nothing said, it says nothing bad about the server. */
    private void left(@Nullable Left how) {
        if (how == null) {
            gate.answered();
        } else {
            gate.failed(chances.nanoClock().getAsLong(), how.failure(), how.rest());
        }
        turnstile.turnOn();
        show();
    }

    private TeacherException forGood(String why, Throwable cause) {
        return new TeacherException("teacher " + options.label() + ": " + why, cause);
    }

    private void show() {
        meters.show(gate, turnstile.waiting());
    }
}
