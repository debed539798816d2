package ai.preceptor.jinja;

import java.util.List;

/** The tokens of a template and how far they are read. */
final class TokenStream {
    private final List<Token> tokens;
    private int pos;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** @throws TemplateException where the source stops making sense */
    Token peek() {
        Token token = tokens.get(pos);
        if (token.value() instanceof TemplateException broken) {
            throw broken;
        }
        return token;
    }

    Token peekNext() {
        return tokens.get(Math.min(pos + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        if (pos < tokens.size() - 1) {
            pos++;
        }
        return token;
    }

    int line() {
        return peek().line();
    }

    boolean at(Token.Kind kind) {
        return peek().kind() == kind;
    }

    boolean atOperator(String text) {
        return peek().isOperator(text);
    }

    boolean atName(String text) {
        return peek().isName(text);
    }

    boolean skipOperator(String text) {
        boolean found = atOperator(text);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipName(String text) {
        boolean found = atName(text);
        if (found) {
            next();
        }
        return found;
    }

    void expectOperator(String text) {
        if (!skipOperator(text)) {
            throw unexpected("'" + text + "'");
        }
    }

    void expectName(String text) {
        if (!skipName(text)) {
            throw unexpected("'" + text + "'");
        }
    }

    /** Takes a name, whichever it is. */
    String name() {
        if (!at(Token.Kind.NAME)) {
            throw unexpected("a name");
        }
        return next().text();
    }

    void expect(Token.Kind kind, String shown) {
        if (!at(kind)) {
            throw unexpected(shown);
        }
        next();
    }

    TemplateException unexpected(String wanted) {
        return new TemplateException("expected " + wanted + ", got " + peek().describe(), line());
    }
}
