package ai.preceptor.teacher.ledger;

import java.util.Locale;

/** The state of a call that has been, or may have been, billed. */
public enum CallState {
    /** It is in flight, or its process ended before it was settled: its highest possible cost counts. */
    OPEN,
    /** There is a reply. */
    ANSWERED,
    /** The server answered with success, but with nothing that can be used. */
    MALFORMED,
    /** The server failed, or did not answer, after it had the request; the call may have been billed. */
    UNANSWERED;

    /** Its name in the file. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
