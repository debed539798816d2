package ai.preceptor.lm.generate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A prompt with samples still to come; its prefill is held from the first sample's turn to the last one's. */
final class QueuedPrompt {
    private final int number;
    private final int[] ids;
    private int waiting;
    private @Nullable Prefill prefill;
    private int place;

    /**
     * @param number its place in the caller's list
     * @param samples how many samples will take it
     */
    QueuedPrompt(int number, int[] ids, int samples) {
        this.number = number;
        this.ids = ids;
        this.waiting = samples;
    }

    int number() {
        return number;
    }

    int[] ids() {
        return ids;
    }

    int length() {
        return ids.length;
    }

    boolean isPrefilled() {
        return prefill != null;
    }

    boolean isIn(Prefill other) {
        return prefill == other;
    }

    /** Tells where its keys and values are: prompt {@code place} of a prefill. */
    void prefilled(Prefill by, int place) {
        this.prefill = by;
        this.place = place;
    }

    /** Its prefill. */
    Prefill prefill() {
        return Objects.requireNonNull(prefill, "not prefilled yet");
    }

    /** Its place among the prompts of {@link #prefill}. */
    int place() {
        return place;
    }

    /** Counts one sample as served; the last one lets go of the prefill. */
    void served() {
        waiting--;
        if (waiting == 0) {
            prefill().release();
            prefill = null;
        }
    }
}
