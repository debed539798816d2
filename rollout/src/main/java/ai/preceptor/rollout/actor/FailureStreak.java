package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.Failure;
import org.jspecify.annotations.Nullable;

/** Failures of a stage with no success between them; it remembers the first, which is most often the reason for the rest. */
final class FailureStreak {
    private final int tooLong;
    private int length;
    private @Nullable Failure first;

    /** @param tooLong how many are too many */
    FailureStreak(int tooLong) {
        this.tooLong = tooLong;
    }

    void end() {
        length = 0;
        first = null;
    }

    /** Adds one and returns the row's first. */
    Failure add(Failure failure) {
        length++;
        Failure earliest = first == null ? failure : first;
        first = earliest;
        return earliest;
    }

    boolean isTooLong() {
        return length >= tooLong;
    }

    int length() {
        return length;
    }
}
