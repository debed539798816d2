package ai.preceptor.teacher.served.http;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A response as received.
 *
 * @param status of the answer; 0 if the request was sent but not even a status came, {@link #UNSENT} if it was not sent
 * @param body of the answer, as far as it came
 * @param retryAfter rest that the server asked for, or null
 * @param cut why there is no more of it, or null if it is whole
 */
public record Arrival(
        int status,
        Buffer body,
        @Nullable Duration retryAfter,
        @Nullable Cut cut) {
    /** Stands for a status where there was no connection to send the request over. */
    static final int UNSENT = -1;

    /** Why an answer is not whole: how that is called, and in words. */
    public record Cut(CallFailure kind, String what) {}

    /** True if the server had the request, or may have had it. */
    public boolean isSent() {
        return status != UNSENT;
    }

    /** True if the server said that it worked for the request. */
    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /**
     * True if a status other than success leaves open whether the server worked for the request: 5xx, but for those that say
     * that it was too busy to begin.
     */
    public boolean mayHaveWorked() {
        return status == 0 || (status >= 500 && status != 503 && status != 529);
    }
}
