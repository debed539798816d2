package ai.preceptor.jinja;

import ai.preceptor.jinja.tree.Calls;
import ai.preceptor.jinja.tree.Expr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the arguments of calls, filters and tests. */
final class ArgumentParser {
    private final TokenStream tokens;
    private final ExpressionParser expressions;

    ArgumentParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** Reads {@code (a, *b, c=d, **e)}; the opening parenthesis is the next token. */
    Calls.ArgumentList read() {
        int line = tokens.next().line();
        List<Expr> positional = new ArrayList<>();
        Map<String, Expr> keywords = new LinkedHashMap<>();
        Expr spread = null;
        Expr spreadKeywords = null;
        boolean first = true;
        while (!tokens.atOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.atOperator(")")) {
                    break;
                }
            }
            first = false;
            boolean inOrder = spreadKeywords == null;
            if (tokens.skipOperator("*")) {
                inOrder &= spread == null;
                spread = expressions.expression();
            } else if (tokens.skipOperator("**")) {
                spreadKeywords = expressions.expression();
            } else if (tokens.at(Token.Kind.NAME) && tokens.peekNext().isOperator("=")) {
                String name = tokens.name();
                tokens.next();
                inOrder &= keywords.put(name, expressions.expression()) == null;
            } else {
                inOrder &= spread == null && keywords.isEmpty();
                positional.add(expressions.expression());
            }
            if (!inOrder) {
                throw new TemplateException("the arguments of a call are out of order or given twice", line);
            }
        }
        tokens.expectOperator(")");
        return new Calls.ArgumentList(positional, keywords, spread, spreadKeywords);
    }
}
