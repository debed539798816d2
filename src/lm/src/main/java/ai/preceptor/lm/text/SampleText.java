package ai.preceptor.lm.text;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The text of a sample while it grows: finds stop strings, and holds back what may yet become one. */
public final class SampleText {
    private final TextStream stream;
    private final List<Search> searches;
    private final StringBuilder text = new StringBuilder();
    private int taken;
    private @Nullable String stop;
    private boolean flushed;

    /**
     * @param decode text of token ids
     * @param stops strings that end the text
     */
    public SampleText(Function<int[], String> decode, List<String> stops) {
        this.stream = new TextStream(decode);
        this.searches = stops.stream().map(Search::new).toList();
    }

    /**
     * Takes a token.
     *
     * @param mayStop whether stop strings that begin in this token's text or later count
     * @return whether the text ends here
     */
    public boolean add(int token, boolean mayStop) {
        int before = text.length();
        String piece = stream.add(token);
        text.append(piece);
        if (!mayStop) {
            return false;
        }
        int first = Integer.MAX_VALUE;
        for (Search search : searches) {
            int end = search.endIn(piece);
            int at = before + end - search.stop.length();
            if (end >= 0 && at < first) {
                first = at;
                stop = search.stop;
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
        return searches.stream().mapToInt(search -> search.found).max().orElse(0);
    }

    /**
     * The search for one stop string. It looks at each character of the text about once, since a request may choose stops that
     * would make another search slow.
     *
     * <p>Source: Knuth, Morris and Pratt 1977, Fast Pattern Matching in Strings, SIAM J. Comput. 6(2), section 2.
     */
    private static final class Search {
        private final String stop;
        /** Of each beginning of the stop: the length of the longest shorter beginning that it ends with. */
        private final int[] shorter;
        /** How much of the stop's beginning the text ends with. */
        private int found;

        Search(String stop) {
            this.stop = stop;
            this.shorter = new int[stop.length()];
            for (int i = 1; i < stop.length(); i++) {
                shorter[i] = longer(shorter[i - 1], stop.charAt(i));
            }
        }

        /** Length of the beginning that a text ends with after one more character. */
        private int longer(int length, char next) {
            int kept = length;
            while (kept > 0 && stop.charAt(kept) != next) {
                kept = shorter[kept - 1];
            }
            return stop.charAt(kept) == next ? kept + 1 : 0;
        }

        /** Where the stop ends in the text's next piece; -1 if it does not. */
        int endIn(String piece) {
            for (int i = 0; i < piece.length(); i++) {
                found = longer(found, piece.charAt(i));
                if (found == stop.length()) {
                    return i + 1;
                }
            }
            return -1;
        }
    }
}
