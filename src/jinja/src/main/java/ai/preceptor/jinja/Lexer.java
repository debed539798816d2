package ai.preceptor.jinja;

import ai.preceptor.jinja.value.PyText;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a template into text and tags, and decides which white space around tags disappears.
 *
 * <p>The settings are those of Hugging Face: {@code trim_blocks} (one newline after a block or comment goes),
 * {@code lstrip_blocks} (blanks between the start of a line and a block or comment go), and one newline at the very
 * end goes. A {@code -} inside a tag's edge takes all white space on that side, a {@code +} keeps it.
 */
final class Lexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int pos;
    private int line = 1;
    private boolean atLineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    /**
     * The tokens of a template. An unclosed comment, string or tag, or a character that fits nowhere, ends them with a
     * {@link Token.Kind#BROKEN} one, so that the parser can complain first about what stands before.
     */
    static List<Token> tokenize(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        Lexer lexer = new Lexer(source);
        try {
            lexer.root();
            lexer.tokens.add(Token.of(Token.Kind.END, "", lexer.line));
        } catch (TemplateException e) {
            lexer.tokens.add(new Token(Token.Kind.BROKEN, "", e, e.line()));
        }
        return lexer.tokens;
    }

    private void root() {
        while (pos < source.length()) {
            int open = nextTag(pos);
            if (open < 0) {
                addText(source.substring(pos), source.length());
                return;
            }
            char kind = source.charAt(open + 1);
            int rawEnd = kind == '%' ? keywordTagEnd(open, "raw", false) : -1;
            char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
            addText(stripBefore(source.substring(pos, open), sign, kind != '{'), open);
            atLineStart = false;
            if (rawEnd >= 0) {
                advanceTo(rawEnd);
                raw();
            } else {
                advanceTo(open + (sign == '-' || sign == '+' ? 3 : 2));
                tag(kind);
            }
        }
    }

    private int nextTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    private void tag(char kind) {
        if (kind == '#') {
            comment();
            return;
        }
        TagLexer inner = new TagLexer(source, pos, line, kind == '{', tokens);
        int end = inner.lex();
        line = inner.line();
        pos = end;
        atLineStart = source.charAt(end - 1) == '\n';
    }

    private void comment() {
        int close = source.indexOf("#}", pos);
        if (pos == source.length()) {
            return; // Jinja's lexer forgives a comment that opens where the template ends
        }
        if (close < 0) {
            throw new TemplateException("a comment is not closed; '#}' is missing", line);
        }
        char sign = close > pos ? source.charAt(close - 1) : ' ';
        advanceTo(afterBlock(source, close + 2, sign));
        atLineStart = source.charAt(pos - 1) == '\n';
    }

    private void raw() {
        int from = pos;
        for (int i = source.indexOf("{%", from); i >= 0; i = source.indexOf("{%", i + 1)) {
            int end = keywordTagEnd(i, "endraw", true);
            if (end >= 0) {
                addText(stripBefore(source.substring(from, i), source.charAt(i + 2), true), i);
                advanceTo(end);
                atLineStart = source.charAt(end - 1) == '\n';
                return;
            }
        }
        throw new TemplateException("a raw block is not closed; 'endraw' is missing", line);
    }

    /** Where the tag that holds just this keyword ends, white space it takes included; -1 if it is another tag. */
    private int keywordTagEnd(int open, String keyword, boolean blockEnd) {
        int i = open + 2;
        if (i < source.length() && (source.charAt(i) == '-' || source.charAt(i) == '+')) {
            i++;
        }
        i = PyText.skipSpace(source, i);
        if (!source.startsWith(keyword, i)) {
            return -1;
        }
        i = PyText.skipSpace(source, i + keyword.length());
        return tagEnd(source, i, "%}", blockEnd);
    }

    /**
     * Where the template goes on after a tag that closes at {@code at}; -1 if none does.
     *
     * @param block whether a newline after it goes, unless its sign is {@code +}
     */
    static int tagEnd(String source, int at, String close, boolean block) {
        if (source.startsWith(close, at)) {
            return block ? afterBlock(source, at + 2, ' ') : at + 2;
        }
        if (source.startsWith("-" + close, at)) {
            return PyText.skipSpace(source, at + 3);
        }
        return block && source.startsWith("+" + close, at) ? at + 3 : -1;
    }

    /** Where the template goes on after a block or comment that ends at {@code end} with the given sign. */
    private static int afterBlock(String source, int end, char sign) {
        if (sign == '-') {
            return PyText.skipSpace(source, end);
        }
        return sign != '+' && source.startsWith("\n", end) ? end + 1 : end;
    }

    private String stripBefore(String text, char sign, boolean block) {
        if (sign == '-') {
            return PyText.stripEnd(text);
        }
        if (sign == '+' || !block) {
            return text;
        }
        int lineBegin = text.lastIndexOf('\n') + 1;
        boolean blank = PyText.skipSpace(text, lineBegin) == text.length();
        return blank && (lineBegin > 0 || atLineStart) ? text.substring(0, lineBegin) : text;
    }

    private void addText(String text, int end) {
        if (!text.isEmpty()) {
            tokens.add(Token.of(Token.Kind.DATA, text, line));
        }
        advanceTo(end);
    }

    private void advanceTo(int end) {
        for (int i = pos; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        pos = end;
    }
}
