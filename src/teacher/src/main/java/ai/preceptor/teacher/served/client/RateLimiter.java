package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a call may begin: within the limits of concurrent calls and calls a minute, and not during a pause.
 * After a 429,
 * half as many may run concurrently, and one more for each call that succeeds from then on. For one
 * thread; the caller passes the time.
 */
final class RateLimiter {
    /** Wait for a call to end. */
    static final long UNTIL_ONE_ENDS = Long.MAX_VALUE;

    private final CallLimits limits;
    private final RateWindow requests;
    private final RateWindow tokens;
    private final CircuitBreaker breaker;
    private int running;
    private int atOnce;
    private int refusals;
    private long restUntil;
    private boolean resting;

    RateLimiter(CallLimits limits, Backoff backoff) {
        this.limits = limits;
        this.requests = new RateWindow(limits.teacherRpm());
        this.tokens = new RateWindow(limits.teacherTpm());
        this.breaker = new CircuitBreaker(
                backoff.breakerFailures(),
                limits.teacherRetries() + 1,
                backoff.breakerRest().toNanos());
        this.atOnce = limits.teacherConcurrency();
    }

    /** Nanoseconds until a call of so many tokens may begin: 0 for now, or {@link #UNTIL_ONE_ENDS}. */
    long delay(long now, int amount) {
        if (running >= atOnce) {
            return UNTIL_ONE_ENDS;
        }
        long rest = resting ? Math.max(0, restUntil - now) : 0;
        long rates = Math.max(requests.delay(now, 1), tokens.delay(now, amount));
        return Math.max(Math.max(rest, rates), breaker.delay(now));
    }

    void begin(long now, int amount) {
        running++;
        resting = false;
        requests.take(now, 1);
        tokens.take(now, amount);
        breaker.begin();
    }

    /** A call ended with a reply, or with a refusal that concerns this call only. */
    void answered() {
        running--;
        refusals = 0;
        atOnce = Math.min(limits.teacherConcurrency(), atOnce + 1);
        breaker.answered();
    }

    /**
     * A call failed in a way that may pass.
     *
     * @param rest before anybody calls again, if it was too much for the server
     */
    void failed(long now, CallException cause, Duration rest) {
        running--;
        if (cause.kind() == CallFailure.THROTTLED) {
            refusals++;
            atOnce = Math.max(1, atOnce / 2);
            long until = now + rest.toNanos();
            restUntil = resting ? Math.max(restUntil, until) : until;
            resting = true;
        }
        if (cause.kind().isOutage()) {
            breaker.failed(now, cause);
        } else {
            breaker.answered();
        }
    }

    /** Refusals for being too much, of any calls, since the last reply. */
    int refusals() {
        return refusals;
    }

    int running() {
        return running;
    }

    int atOnce() {
        return atOnce;
    }

    boolean isBroken() {
        return breaker.isOpen();
    }

    @Nullable
    CallException gone() {
        return breaker.gone();
    }
}
