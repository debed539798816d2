package ai.preceptor.lm.text;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where the tokens of an answer end in its text, for showing them in it. A token that has no text there, such as that of the
 * end, ends where the one before it does; so does one that is the beginning of a character only.
 *
 * @param bytes of the vocabulary's tokens
 */
public record TokenEnds(TokenBytes bytes) {
    /**
     * The ends.
     *
     * @param ids of the answer
     * @param text of the answer
     * @return {@code [tokens]}, in UTF-16 code units from the beginning of the text; empty if the tokens do not spell it
     */
    public Optional<int[]> of(int[] ids, String text) {
        byte[] spelt = text.getBytes(StandardCharsets.UTF_8);
        int[] ends = new int[ids.length];
        int at = 0;
        int units = 0;
        for (int i = 0; i < ids.length; i++) {
            int length = matching(bytes.of(ids[i]), spelt, at);
            units += unitsOfWhole(spelt, at, at + length);
            at += length;
            ends[i] = units;
        }
        return at == spelt.length ? Optional.of(ends) : Optional.empty();
    }

    /** How many bytes of the text the token is; a decoder drops the space before the first word. */
    private static int matching(byte[] token, byte[] text, int at) {
        if (startsWith(text, at, token, 0)) {
            return token.length;
        }
        boolean dropped = at == 0 && token.length > 1 && token[0] == ' ' && startsWith(text, at, token, 1);
        return dropped ? token.length - 1 : 0;
    }

    private static boolean startsWith(byte[] text, int at, byte[] token, int from) {
        if (at + token.length - from > text.length) {
            return false;
        }
        for (int i = from; i < token.length; i++) {
            if (text[at + i - from] != token[i]) {
                return false;
            }
        }
        return true;
    }

    /** Code units of the characters whose last byte is in a range. */
    private static int unitsOfWhole(byte[] text, int from, int to) {
        int units = 0;
        for (int i = from; i < to; i++) {
            boolean last = i + 1 == text.length || (text[i + 1] & 0xC0) != 0x80;
            if (last) {
                units += isOfFourBytes(text, i) ? 2 : 1;
            }
        }
        return units;
    }

    private static boolean isOfFourBytes(byte[] text, int last) {
        return last >= 3 && (text[last - 3] & 0xF8) == 0xF0 && (text[last] & 0xC0) == 0x80;
    }
}
