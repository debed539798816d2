package ai.preceptor.teacher.served.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Takes a key out of a text: the key as it is, each of its characters also in the forms that JSON ({@code \\u002d}, a
 * backslash before a sign) and addresses ({@code %2D}) have for it, and the key inside of base64 at any offset. A beginning
 * of it that is long enough goes too, since an answer may have been cut off in it. One pass, without backtracking: texts may
 * be long and hostile.
 */
final class KeyMask {
    /** A key, or a beginning of one, that is shorter could be an ordinary word. */
    static final int SHORTEST = 8;

    private static final String MASK = "[key]";

    /** Backslashes before one character: a text in JSON in JSON in JSON has seven. */
    private static final int MOST_BACKSLASHES = 7;

    private static final int HEX = 16;

    private final List<Form> forms;

    /** @param key of {@link #SHORTEST} or more ASCII characters */
    KeyMask(String key) {
        List<Form> all = new ArrayList<>();
        all.add(new Form(key, SHORTEST));
        for (int offset = 0; offset < 3; offset++) {
            String within = within(key, offset);
            all.add(new Form(within, Math.min(within.length(), SHORTEST * 4 / 3 + 1)));
            all.add(new Form(
                    within.replace('+', '-').replace('/', '_'),
                    all.get(all.size() - 1).least()));
        }
        this.forms = List.copyOf(all);
    }

    /** A text to look for, of which the first characters are enough. */
    private record Form(String text, int least) {
        /** True if it has the signs that escapes begin with, which then may stand for themselves or begin one. */
        boolean hasEscapes() {
            return text.indexOf('%') >= 0 || text.indexOf('\\') >= 0;
        }
    }

    /** The characters of base64 that the key alone decides when so many bytes stand before it. */
    private static String within(String key, int offset) {
        byte[] bytes = new byte[offset + key.length()];
        System.arraycopy(key.getBytes(StandardCharsets.US_ASCII), 0, bytes, offset, key.length());
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        return encoded.substring((offset * 8 + 5) / 6, bytes.length * 8 / 6);
    }

    /** The text without the key. */
    String hide(String text) {
        StringBuilder masked = null;
        int copied = 0;
        for (int at = 0; at < text.length(); ) {
            int end = end(text, at);
            if (end < 0) {
                at++;
                continue;
            }
            masked = masked == null ? new StringBuilder() : masked;
            masked.append(text, copied, at).append(MASK);
            at = end;
            copied = end;
        }
        return masked == null
                ? text
                : masked.append(text, copied, text.length()).toString();
    }

    private int end(String text, int at) {
        int furthest = -1;
        for (Form form : forms) {
            furthest = Math.max(furthest, end(form, text, at, false));
            if (form.hasEscapes()) {
                furthest = Math.max(furthest, end(form, text, at, true));
            }
        }
        return furthest;
    }

    private static int end(Form form, String text, int from, boolean escapedFirst) {
        int at = from;
        for (int i = 0; i < form.text().length(); i++) {
            char wanted = form.text().charAt(i);
            boolean plain = at < text.length() && text.charAt(at) == wanted;
            int next = plain && !escapedFirst ? at + 1 : afterEscape(text, at, wanted);
            if (next < 0 && !plain) {
                return i >= form.least() ? at : -1;
            }
            at = next < 0 ? at + 1 : next;
        }
        return at;
    }

    /** Where the text goes on after a written form of this character; -1 if none stands there. */
    private static int afterEscape(String text, int at, char wanted) {
        if (at >= text.length()) {
            return -1;
        }
        if (text.charAt(at) == '%') {
            int digits = at + 1;
            while (hex(text, digits, 2) != wanted
                    && text.startsWith("25", digits)) { // a percent sign, itself written so
                digits += 2;
            }
            return hex(text, digits, 2) == wanted ? digits + 2 : -1;
        }
        if (text.charAt(at) != '\\') {
            return -1;
        }
        if (wanted == '\\') {
            return text.startsWith("\\", at + 1) ? at + 2 : -1;
        }
        int end = at + 1;
        while (end < text.length() && end - at < MOST_BACKSLASHES && text.charAt(end) == '\\') {
            end++;
        }
        if (end < text.length() && text.charAt(end) == wanted && !Character.isLetterOrDigit(wanted)) {
            return end + 1;
        }
        return text.startsWith("u", end) && hex(text, end + 1, 4) == wanted ? end + 5 : -1;
    }

    private static int hex(String text, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), HEX) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * HEX + digit;
        }
        return value;
    }
}
