package ai.preceptor.lm.text;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The text of a sample while it grows: finds stop strings, and holds back what may yet become one. */
public final class SampleText {
    private final TextStream stream;
    private final List<String> stops;
    private final StringBuilder text = new StringBuilder();
    private int taken;
    private int searched = -1;
    private @Nullable String stop;
    private boolean flushed;

    /**
     * @param decode text of token ids
     * @param stops strings that end the text
     */
    public SampleText(Function<int[], String> decode, List<String> stops) {
        this.stream = new TextStream(decode);
        this.stops = stops;
    }

    /**
     * Takes a token.
     *
     * @param mayStop whether stop strings that begin in this token's text or later count
     * @return whether the text ends here
     */
    public boolean add(int token, boolean mayStop) {
        int before = text.length();
        text.append(stream.add(token));
        if (!mayStop) {
            return false;
        }
        if (searched < 0) {
            searched = before;
        }
        int first = Integer.MAX_VALUE;
        for (String candidate : stops) {
            int from = Math.max(searched, before - candidate.length() + 1);
            int at = text.indexOf(candidate, from);
            if (at >= 0 && at < first) {
                first = at;
                stop = candidate;
            }
        }
        if (stop != null) {
            text.setLength(first);
            flushed = true;
        }
        return stop != null;
    }

    /** The stop string that ended it, null if none did. */
    @Nullable
    public String stop() {
        return stop;
    }

    /** The text up to the stop string. */
    public String beforeStop() {
        return text.toString();
    }

    /**
     * What has become certain since the last call.
     *
     * @param last whether nothing more comes
     */
    public String take(boolean last) {
        if (last && !flushed) {
            flushed = true;
            text.append(stream.finish());
        }
        int end = last ? text.length() : text.length() - heldBack();
        String piece = end > taken ? text.substring(taken, end) : "";
        taken = Math.max(taken, end);
        return piece;
    }

    /** Length of the longest end of the text that a stop string begins with. */
    private int heldBack() {
        int most = 0;
        for (String candidate : stops) {
            for (int length = Math.min(candidate.length() - 1, text.length()); length > most; length--) {
                if (candidate.startsWith(text.substring(text.length() - length))) {
                    most = length;
                }
            }
        }
        return most;
    }
}
