package ai.preceptor.teacher.served.client;

import ai.preceptor.data.TeacherException;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats a call until it is answered or refused, or its attempts are used up. On one event loop. */
final class RetryingClient {
    private static final Logger LOG = LoggerFactory.getLogger(RetryingClient.class);

    private final ServerOptions options;
    private final BilledCalls billed;
    private final TeacherMeters meters;
    private final LongSupplier nanoClock;
    private final DoubleSupplier jitter;
    private final RateLimiter limiter;
    private final CallQueue queue;
    private boolean throttled;

    /** @param jitter in [0, 1) */
    RetryingClient(
            Vertx vertx,
            ServerOptions options,
            BilledCalls billed,
            TeacherMeters meters,
            LongSupplier nanoClock,
            DoubleSupplier jitter) {
        this.options = options;
        this.billed = billed;
        this.meters = meters;
        this.nanoClock = nanoClock;
        this.jitter = jitter;
        this.limiter = new RateLimiter(options.limits(), options.backoff());
        this.queue = new CallQueue(vertx, limiter, nanoClock);
    }

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
        queue.shut(why);
    }

    private Future<ChatReply> attempt(Attempt attempt) {
        PreparedCall call = attempt.call();
        return queue.enter(call.request().tokens()).recover(this::notLetIn).compose(mayBegin -> {
            show();
            return billed.send(call).onSuccess(reply -> answered()).recover(cause -> again(attempt, cause));
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
            answered(); // no money, or no disk
            return Future.failedFuture(cause);
        }
        meters.failed(failure.kind());
        tell(failure);
        Attempt next = attempt.failedBy(failure);
        if (!failure.kind().isRetried()) {
            boolean denied = failure.kind() == CallFailure.DENIED;
            if (denied) {
                shut(forGood(String.valueOf(failure.getMessage()), failure));
            }
            answered();
            return denied ? Future.failedFuture(shutBecause(failure)) : Future.failedFuture(failure);
        }
        Duration rest = rest(next, failure);
        limiter.failed(nanoClock.getAsLong(), failure, rest);
        next();
        if (failure.isLast()) {
            return Future.failedFuture(failure);
        }
        if (next.failures() > options.limits().teacherRetries()) {
            CallException first = next.first() == null ? failure : next.first();
            return Future.failedFuture(first);
        }
        meters.retried();
        LOG.debug("teacher: {}; tried again in {} ms", failure.getMessage(), rest.toMillis());
        return queue.rest(rest).recover(this::notLetIn).compose(awake -> attempt(next));
    }

    /** The first refusal of too many calls: those may go on for minutes in which nothing else is said. */
    private void tell(CallException failure) {
        if (failure.kind() == CallFailure.THROTTLED && !throttled) {
            throttled = true;
            LOG.warn(
                    "teacher {}: {}; calls rest and are tried again, and the run ends if none is answered (others of"
                            + " the same kind, {}, are only counted)",
                    options.label(),
                    failure.getMessage(),
                    failure.kind().label());
        }
    }

    private RuntimeException shutBecause(CallException failure) {
        RuntimeException why = queue.whyShut();
        return why == null ? failure : why;
    }

    private Duration rest(Attempt next, CallException failure) {
        Backoff backoff = options.backoff();
        Duration asked = failure.retryAfter();
        int failures = Math.max(next.failures(), failure.kind() == CallFailure.THROTTLED ? limiter.refusals() + 1 : 1);
        Duration own = backoff.delay(failures, jitter.getAsDouble());
        if (asked == null) {
            return own;
        }
        Duration bounded = asked.compareTo(backoff.longestDelay()) > 0 ? backoff.longestDelay() : asked;
        // not all at the same moment
        return bounded.plus(backoff.delay(1, jitter.getAsDouble()).dividedBy(4));
    }

    /** A call has ended that says nothing bad about the server. */
    private void answered() {
        limiter.answered();
        next();
    }

    private void next() {
        queue.turnOn();
        show();
    }

    private TeacherException forGood(String why, Throwable cause) {
        return new TeacherException("teacher " + options.label() + ": " + why, cause);
    }

    private void show() {
        meters.show(limiter, queue.waiting());
    }
}
