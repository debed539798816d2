package ai.preceptor.lm.text;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Turns tokens, as they come, into pieces of text that never end inside a character: the bytes of one may be spread over
 * several tokens, and half of it decodes to U+FFFD. The pieces, joined, are the text of all tokens. A token takes no longer
 * the more came before it, whatever they are.
 */
public final class TextStream {
    private static final char INCOMPLETE = '\uFFFD';

    /** Most bytes of an incomplete character, so most tokens that it is spread over, and most U+FFFD that it decodes to. */
    private static final int PARTS = 3;

    /** First tokens of bytes that are no characters. Decoders that judge a run of bytes as a whole need them to the run's end. */
    private static final int FIRST = PARTS + 1;

    /**
     * Last tokens of bytes that are no characters: those of as many U+FFFD as are held back, three bytes each, after three by
     * which every decoder finds a character's beginning, whatever stands before.
     */
    private static final int LAST = PARTS * PARTS + PARTS;

    private final Function<int[], String> decode;
    /** What decides the text of tokens to come: the tokens whose text was given last, and those whose text is held back. */
    private int[] window = {};
    /** How many of the window's tokens were there when text was given last. */
    private int before;
    /** Of the window. */
    private String text = "";
    /** Characters of the window's text that were given. */
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
        int[] longer = Arrays.copyOf(window, window.length + 1);
        longer[window.length] = token;
        String longerText = decode.apply(longer);
        if (longerText.length() == text.length() && hasNoText(token)) {
            return "";
        }
        window = longer;
        text = longerText;
        int held = incomplete();
        if (held > 0 && window.length - before <= PARTS) {
            return "";
        }
        String piece = upTo(text.length() - held);
        move(held);
        return piece;
    }

    /** The text still held back, when no more tokens come; an incomplete character is then U+FFFD. */
    public String finish() {
        String rest = upTo(text.length());
        given = text.length();
        return rest;
    }

    /** Two of it, since some decoders drop a space at the very beginning. */
    private boolean hasNoText(int token) {
        return decode.apply(new int[] {token, token}).isEmpty();
    }

    /** How many characters at the text's end may be an incomplete one. */
    private int incomplete() {
        int count = 0;
        while (count < Math.min(PARTS, text.length()) && text.charAt(text.length() - 1 - count) == INCOMPLETE) {
            count++;
        }
        return count;
    }

    private String upTo(int end) {
        return end > given ? text.substring(given, end) : "";
    }

    /**
     * The next window starts with the tokens that came since text was given last: some decoders drop a space at the very
     * beginning, so new tokens are never decoded alone. Where bytes are no characters, the middle of these tokens is left out.
     *
     * @param held characters at the text's end that are not given yet
     */
    private void move(int held) {
        int[] next = Arrays.copyOfRange(window, before, window.length);
        if (next.length > FIRST + LAST) {
            System.arraycopy(next, next.length - LAST, next, FIRST, LAST);
            next = Arrays.copyOf(next, FIRST + LAST);
        }
        window = next;
        text = decode.apply(window);
        given = Math.max(0, text.length() - held);
        before = held == 0 ? window.length : 0;
    }
}
