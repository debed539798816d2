package ai.preceptor.track;

import java.io.IOException;
import java.io.Serial;

/** A tracker does not accept what it is given; trying again would not help. */
public final class TrackerRefusedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /** @param message why, in a few words */
    public TrackerRefusedException(String message) {
        super(message);
    }
}
