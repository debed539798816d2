package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.Failure;
import org.jspecify.annotations.Nullable;

/** Consecutive failures of a stage. Keeps the first, which is most often the cause of the rest. */
final class FailureStreak {
    private final int tooLong;
    private int length;
    private @Nullable Failure first;

    /** @param tooLong failures that end the run */
    FailureStreak(int tooLong) {
        this.tooLong = tooLong;
    }

    void end() {
        length = 0;
        first = null;
    }

    /** Adds a failure and returns the first of the streak. */
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
