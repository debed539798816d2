package ai.preceptor.rollout.message;

import java.util.Locale;

/** How a request failed. */
public enum FailureKind {
    /** The actor threw. */
    THREW,
    /** It did not answer in time. */
    DEADLINE,
    /** The answer does not fit the request: a wrong number of scores, a cancelled completion. */
    ANSWER,
    /** The answer is valid, but has no score for any completion. */
    UNSCORED,
    /** The actor is gone, or makes no steps. */
    LOST,
    /** The request has no form that can be sent to another process. */
    UNSENT;

    /** Its name in meters. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
