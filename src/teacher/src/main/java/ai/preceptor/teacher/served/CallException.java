package ai.preceptor.teacher.served;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An attempt of a call that failed. */
final class CallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final CallFailure kind;
    private final transient @Nullable Duration retryAfter;

    CallException(CallFailure kind, String message) {
        this(kind, message, null, null);
    }

    /** @param retryAfter rest that the server asked for, or null */
    CallException(CallFailure kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    CallFailure kind() {
        return kind;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
