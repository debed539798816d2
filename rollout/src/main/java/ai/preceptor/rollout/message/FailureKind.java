package ai.preceptor.rollout.message;

import java.util.Locale;

/** How a request came to nothing. */
public enum FailureKind {
    /** The actor threw. */
    THREW,
    /** It did not answer in time. */
    DEADLINE,
    /** It answered something else than was asked for: a wrong number of scores, a cancelled completion. */
    ANSWER,
    /** It answered in form, but had no score for any answer. */
    UNSCORED,
    /** It is gone, or its heart does not beat any more. */
    LOST;

    /** Its name in meters. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
