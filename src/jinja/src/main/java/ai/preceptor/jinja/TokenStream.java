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
        return skip(atOperator(text));
    }

    boolean skipName(String text) {
        return skip(atName(text));
    }

    private boolean skip(boolean found) {
        if (found) {
            next();
        }
        return found;
    }

    void expectOperator(String text) {
        require(skipOperator(text), "'" + text + "'");
    }

    void expectName(String text) {
        require(skipName(text), "'" + text + "'");
    }

    void expect(Token.Kind kind, String shown) {
        require(skip(at(kind)), shown);
    }

    /** Takes a name, whichever it is. */
    String name() {
        require(at(Token.Kind.NAME), "a name");
        return next().text();
    }

    private void require(boolean found, String wanted) {
        if (!found) {
            throw unexpected(wanted);
        }
    }

    TemplateException unexpected(String wanted) {
        return new TemplateException("expected " + wanted + ", got " + peek().describe(), line());
    }
}
