package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.served.http.CallException;
import org.jspecify.annotations.Nullable;

/**
 * Stops calls to a failing server. After some failures in a row all calls pause for a while; then one call is tried: if
 * it succeeds all calls continue, else the pause begins again. A server that fails every trial is unavailable. For one
 * thread.
 *
 * <p>Failures in a row, not in a window of time: a busy server that fails one call in a hundred is well.
 */
final class CircuitBreaker {
    private final int failures;
    private final int trials;
    private final long rest;
    private int inARow;
    private int failedTrials;
    private boolean open;
    private boolean trying;
    private long until;
    private @Nullable CallException first;

    /** @param trials failed ones in a row after which the server is gone */
    CircuitBreaker(int failures, int trials, long restNanos) {
        this.failures = failures;
        this.trials = trials;
        this.rest = restNanos;
    }

    /** Nanoseconds until a call may begin, 0 for now; {@link Long#MAX_VALUE} while another one tries. */
    long delay(long now) {
        if (!open) {
            return 0;
        }
        return trying ? Long.MAX_VALUE : Math.max(0, until - now);
    }

    /** A call begins. */
    void begin() {
        trying = open;
    }

    /** A call was answered; not that the answer was good, but that there is someone. */
    void answered() {
        open = false;
        trying = false;
        inARow = 0;
        failedTrials = 0;
        first = null;
    }

    /** A call was not answered. */
    void failed(long now, CallException cause) {
        inARow++;
        first = first == null ? cause : first;
        if (open && trying) {
            trying = false;
            failedTrials++;
            until = now + rest;
        } else if (!open && inARow >= failures) {
            open = true;
            until = now + rest;
        }
    }

    boolean isOpen() {
        return open;
    }

    /** The first of the failures after which the server is gone; null as long as it is not. */
    @Nullable
    CallException gone() {
        return failedTrials >= trials ? first : null;
    }
}
