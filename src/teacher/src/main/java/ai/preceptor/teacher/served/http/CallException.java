package ai.preceptor.teacher.served.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An attempt of a call that failed. */
public final class CallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final CallFailure kind;
    private final boolean last;
    private final transient @Nullable Duration retryAfter;

    CallException(CallFailure kind, String message) {
        this(kind, message, false, null);
    }

    /**
     * A failure.
     *
     * @param last true if no further attempt is paid for
     * @param retryAfter rest that the server asked for, or null
     */
    public CallException(CallFailure kind, String message, boolean last, @Nullable Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.last = last;
        this.retryAfter = retryAfter;
    }

    /** True if no further attempt is paid for. */
    public boolean isLast() {
        return last;
    }

    /** How the attempt failed. */
    public CallFailure kind() {
        return kind;
    }

    /** The rest that the server asked for, or null. */
    @Nullable
    public Duration retryAfter() {
        return retryAfter;
    }
}
