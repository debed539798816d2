package ai.preceptor.lm.text;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Turns tokens, as they come, into pieces of text that never end inside a character: the bytes of one may be spread over
 * several tokens, and half of it decodes to U+FFFD. The pieces, joined, are the text of all tokens.
 */
public final class TextStream {
    private static final char INCOMPLETE = '\uFFFD';

    private final Function<int[], String> decode;
    private int[] tokens = new int[64];
    private int count;
    private int windowStart;
    private int given;

    /** @param decode text of token ids */
    public TextStream(Function<int[], String> decode) {
        this.decode = decode;
    }

    /**
     * Takes a token.
     *
     * @return the text that is certain now and was not before; empty while a character is incomplete
     */
    public String add(int token) {
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
        }
        tokens[count++] = token;
        String text = text(windowStart, count);
        return !text.isEmpty() && text.charAt(text.length() - 1) == INCOMPLETE ? "" : advance(text);
    }

    /** The text still held back, when no more tokens come; an incomplete character is then U+FFFD. */
    public String finish() {
        return advance(text(windowStart, count));
    }

    /**
     * Gives what {@code text}, decoded from the window, has more than its already given part. The next window starts with
     * the tokens given now: some decoders drop a space at the very beginning, so new tokens are never decoded alone, nor
     * after tokens without a text.
     */
    private String advance(String text) {
        String before = text(windowStart, given);
        boolean longer = text.length() > before.length();
        if (longer) {
            windowStart = given;
        }
        given = count;
        return longer ? text.substring(before.length()) : "";
    }

    private String text(int from, int to) {
        return from == to ? "" : decode.apply(Arrays.copyOfRange(tokens, from, to));
    }
}
