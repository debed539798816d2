package ai.preceptor.teacher.served.http;

import java.util.Locale;

/** How a call of a server failed, and what that means for this call and for others. */
public enum CallFailure {
    /** 429: too many calls. The call is sent again; all calls pause. */
    THROTTLED(true, true),
    /** 5xx. */
    SERVER(true, true),
    /** No whole answer in time. */
    TIMEOUT(true, true),
    /** No connection, or one that broke. */
    CONNECTION(true, true),
    /** An answer that is none: no JSON, no text, another number of choices than was asked for, too long. */
    MALFORMED(true, false),
    /** Another 4xx, or a redirection: this call will never be answered. */
    REFUSED(false, false),
    /** 401, 403, 404 and 405: no call will. */
    DENIED(false, false);

    private final boolean retried;
    private final boolean outage;

    CallFailure(boolean retried, boolean outage) {
        this.retried = retried;
        this.outage = outage;
    }

    /** What a status other than 2xx means. */
    public static CallFailure of(int status) {
        return switch (status) {
            case 429 -> THROTTLED;
            case 401, 403, 404, 405 -> DENIED;
            default -> status >= 500 ? SERVER : REFUSED;
        };
    }

    /** True if another attempt may help. */
    public boolean isRetried() {
        return retried;
    }

    /** True if a server that answers every call so is of no use, for now at least. */
    public boolean isOutage() {
        return outage;
    }

    /** True if it says something of this call alone, and nothing of the server. */
    public boolean isOfTheCall() {
        return this == MALFORMED || this == REFUSED;
    }

    /** Its name in meters. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
