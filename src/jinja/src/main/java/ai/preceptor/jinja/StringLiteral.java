package ai.preceptor.jinja;

import ai.preceptor.jinja.value.Repr;

/** Python's escapes in string literals. */
final class StringLiteral {
    private final String body;
    private final int line;
    private final StringBuilder out = new StringBuilder();
    private int pos;

    private StringLiteral(String body, int line) {
        this.body = body;
        this.line = line;
    }

    /**
     * The text a literal stands for.
     *
     * @param body what stands between the quotes
     * @throws TemplateException on an incomplete {@code \x}, {@code \\u}, {@code \U} or {@code \N}
     */
    static String decode(String body, int line) {
        if (body.indexOf('\\') < 0) {
            return body;
        }
        StringLiteral literal = new StringLiteral(body, line);
        while (literal.pos < body.length()) {
            char c = body.charAt(literal.pos++);
            if (c == '\\') {
                literal.escape();
            } else {
                literal.out.append(c);
            }
        }
        return literal.out.toString();
    }

    private void escape() {
        char c = body.charAt(pos++);
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> out.append(c);
            case 'n', 't', 'r', 'a', 'b', 'f', 'v' -> out.append("\n\t\r\u0007\b\f\u000b".charAt("ntrabfv".indexOf(c)));
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case 'N' -> named();
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            default -> unknown(c);
        }
    }

    /** Jinja writes characters above ASCII as escapes before decoding, so a backslash before one shows that. */
    private void unknown(char c) {
        if (c < 0x80) {
            out.append('\\').append(c);
            return;
        }
        int codePoint = body.codePointAt(pos - 1);
        pos += Character.charCount(codePoint) - 1;
        Repr.escape(codePoint, out);
    }

    private void hex(int digits) {
        if (pos + digits <= body.length()) {
            String text = body.substring(pos, pos + digits);
            if (text.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
                long value = Long.parseLong(text, 16);
                if (value <= Character.MAX_CODE_POINT) {
                    out.appendCodePoint((int) value);
                    pos += digits;
                    return;
                }
            }
        }
        throw new TemplateException("a string has an incomplete escape; it needs " + digits + " hex digits", line);
    }

    private void octal() {
        int value = body.charAt(pos - 1) - '0';
        for (int i = 0; i < 2 && pos < body.length() && body.charAt(pos) >= '0' && body.charAt(pos) <= '7'; i++) {
            value = value * 8 + body.charAt(pos++) - '0';
        }
        out.appendCodePoint(value);
    }

    private void named() {
        int end = body.indexOf('}', pos);
        if (body.startsWith("{", pos) && end > 0) {
            try {
                out.appendCodePoint(Character.codePointOf(body.substring(pos + 1, end)));
                pos = end + 1;
                return;
            } catch (IllegalArgumentException e) {
                throw new TemplateException("no character is named '" + body.substring(pos + 1, end) + "'", line);
            }
        }
        throw new TemplateException("a string has an incomplete escape; it needs \\N{NAME}", line);
    }
}
