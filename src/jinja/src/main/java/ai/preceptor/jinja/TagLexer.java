package ai.preceptor.jinja;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.Repr;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits the inside of one {@code {{ }}} or {@code {% %}} tag into tokens, its closing edge included. */
final class TagLexer {
    private static final Pattern FLOAT = Pattern.compile(
            "(?<!\\.)(\\d++_)*+\\d++((\\.(\\d++_)*+\\d++)?[eE][+\\-]?(\\d++_)*+\\d++|\\.(\\d++_)*+\\d++)");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB](_?[01])++|0[oO](_?[0-7])++|0[xX](_?[\\da-fA-F])++|[1-9](_?\\d)*+|0(_?0)*+");
    private static final Pattern OPERATOR = Pattern.compile("\\*\\*|//|[=!<>]=|[-+*/%~<>()\\[\\]{},:;.|=]");
    private static final int MAX_DIGITS = 2400;

    private final String source;
    private final boolean variable;
    private final List<Token> out;
    private final int openLine;
    private final Matcher matcher;
    private final Deque<String> open = new ArrayDeque<>();
    private int pos;
    private int line;

    TagLexer(String source, int pos, int line, boolean variable, List<Token> out) {
        this.source = source;
        this.pos = pos;
        this.line = line;
        this.openLine = line;
        this.variable = variable;
        this.out = out;
        this.matcher = FLOAT.matcher(source).useTransparentBounds(true);
    }

    /** Where the line count stands after {@link #lex()}. */
    int line() {
        return line;
    }

    /** Adds the tag's tokens and gives the position after it. */
    int lex() {
        String close = variable ? "}}" : "%}";
        add(variable ? Token.Kind.VARIABLE_BEGIN : Token.Kind.BLOCK_BEGIN, "");
        while (pos < source.length()) {
            int end = open.isEmpty() ? Lexer.tagEnd(source, pos, close, !variable) : -1;
            if (end >= 0) {
                add(variable ? Token.Kind.VARIABLE_END : Token.Kind.BLOCK_END, "");
                moveTo(end);
                return end;
            }
            if (PyText.isSpace(source.charAt(pos))) {
                moveTo(PyText.skipSpace(source, pos));
            } else if (!(number() || name() || string() || operator())) {
                String found = Character.toString(source.codePointAt(pos));
                throw new TemplateException("unexpected character " + Repr.of(found), line);
            }
        }
        throw new TemplateException("a tag is not closed; '" + close + "' is missing", openLine);
    }

    private boolean number() {
        if (match(FLOAT)) {
            String digits = matcher.group().replace("_", "");
            out.add(new Token(Token.Kind.NUMBER, digits, Double.valueOf(digits), line));
        } else if (match(INTEGER)) {
            String digits = matcher.group().replace("_", "");
            out.add(new Token(Token.Kind.NUMBER, digits, wholeNumber(digits), line));
        } else {
            return false;
        }
        moveTo(matcher.end());
        return true;
    }

    private Object wholeNumber(String digits) {
        if (digits.length() > MAX_DIGITS) {
            throw new TemplateException("a number of " + digits.length() + " digits", line);
        }
        String lower = digits.toLowerCase(Locale.ROOT);
        int radix = lower.startsWith("0x") ? 16 : lower.startsWith("0o") ? 8 : lower.startsWith("0b") ? 2 : 10;
        try {
            return Numbers.whole(new BigInteger(radix == 10 ? lower : lower.substring(2), radix));
        } catch (EvaluationError e) {
            throw new TemplateException(e.reason(), line);
        }
    }

    private boolean name() {
        int end = pos;
        while (end < source.length()) {
            int c = source.codePointAt(end);
            boolean fits = c == '_' || (end == pos ? Character.isUnicodeIdentifierStart(c) : isNamePart(c));
            if (!fits) {
                break;
            }
            end += Character.charCount(c);
        }
        if (end == pos) {
            return false;
        }
        add(Token.Kind.NAME, source.substring(pos, end));
        moveTo(end);
        return true;
    }

    private static boolean isNamePart(int c) {
        return Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
    }

    private boolean string() {
        char quote = source.charAt(pos);
        if (quote != '\'' && quote != '"') {
            return false;
        }
        int end = pos + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new TemplateException("a string is not closed; " + quote + " is missing", line);
        }
        String body = source.substring(pos + 1, end);
        out.add(new Token(Token.Kind.STRING, body, StringLiteral.decode(body, line), line));
        moveTo(end + 1);
        return true;
    }

    private boolean operator() {
        if (!match(OPERATOR)) {
            return false;
        }
        String text = matcher.group();
        switch (text) {
            case "{" -> open.push("}");
            case "(" -> open.push(")");
            case "[" -> open.push("]");
            case "}", ")", "]" -> {
                if (open.isEmpty() || !open.pop().equals(text)) {
                    throw new TemplateException("'" + text + "' closes nothing that is open", line);
                }
            }
            default -> {}
        }
        add(Token.Kind.OPERATOR, text);
        moveTo(matcher.end());
        return true;
    }

    private boolean match(Pattern pattern) {
        return matcher.usePattern(pattern).region(pos, source.length()).lookingAt();
    }

    private void add(Token.Kind kind, String text) {
        out.add(Token.of(kind, text, line));
    }

    private void moveTo(int end) {
        for (int i = pos; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        pos = end;
    }
}
