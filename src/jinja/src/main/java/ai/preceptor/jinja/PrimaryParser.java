package ai.preceptor.jinja;

import ai.preceptor.jinja.builtin.ValueFunction;
import ai.preceptor.jinja.filter.FunctionTable;
import ai.preceptor.jinja.tree.Calls;
import ai.preceptor.jinja.tree.Evaluator;
import ai.preceptor.jinja.tree.Evaluators;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what operators bind: literals and names, with their signs, accesses, calls, filters and tests. */
final class PrimaryParser {
    /** Names that are values. */
    static final Map<String, Object> CONSTANTS =
            Map.of("true", true, "True", true, "false", false, "False", false, "none", None.NONE, "None", None.NONE);

    private final TokenStream tokens;
    private final ParserState state;
    private final ExpressionParser expressions;

    PrimaryParser(TokenStream tokens, ParserState state, ExpressionParser expressions) {
        this.tokens = tokens;
        this.state = state;
        this.expressions = expressions;
    }

    /** An operand with its sign; filters bind to the outermost sign. */
    Evaluator unary(boolean withFilters) {
        Evaluator value;
        if (tokens.atOperator("-") || tokens.atOperator("+")) {
            state.enter(tokens.line());
            boolean negative = tokens.next().isOperator("-");
            value = new Evaluators.Signed(negative, unary(false));
            state.leave();
        } else {
            value = primary();
        }
        value = postfix(value);
        return withFilters ? filtersAndTests(value) : value;
    }

    private Evaluator primary() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case NAME -> name(tokens.next().text());
            case STRING -> string();
            case NUMBER -> new Evaluators.Constant(tokens.next().value());
            case OPERATOR -> bracketed(token);
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Evaluator name(String name) {
        Object constant = CONSTANTS.get(name);
        if (constant != null) {
            return new Evaluators.Constant(constant);
        }
        state.used(name);
        return new Evaluators.Name(name);
    }

    private Evaluator string() {
        StringBuilder text = new StringBuilder();
        while (tokens.at(Token.Kind.STRING)) {
            text.append((String) tokens.next().value());
        }
        return new Evaluators.Constant(text.toString());
    }

    private Evaluator bracketed(Token open) {
        return switch (open.text()) {
            case "(" -> parenthesized();
            case "[" -> list();
            case "{" -> dict();
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Evaluator parenthesized() {
        tokens.next();
        if (tokens.skipOperator(")")) {
            return new Evaluators.TupleDisplay(List.of());
        }
        Evaluator inner = expressions.tupleOrExpression(true);
        tokens.expectOperator(")");
        return inner;
    }

    /** Reads items with commas between, and maybe one at the end, from the opening bracket to the closing one. */
    private void bracketed(String close, Runnable item) {
        tokens.next();
        for (boolean first = true; !tokens.skipOperator(close); first = false) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(close)) {
                    return;
                }
            }
            item.run();
        }
    }

    private Evaluator list() {
        List<Evaluator> items = new ArrayList<>();
        bracketed("]", () -> items.add(expressions.expression()));
        return new Evaluators.ListDisplay(items);
    }

    private Evaluator dict() {
        List<Evaluator> keys = new ArrayList<>();
        List<Evaluator> values = new ArrayList<>();
        bracketed("}", () -> {
            keys.add(expressions.expression());
            tokens.expectOperator(":");
            values.add(expressions.expression());
        });
        return new Evaluators.DictDisplay(keys, values);
    }

    /** Reads {@code (a, *b, c=d, **e)}; the opening parenthesis is the next token. */
    private Calls.ArgumentList arguments() {
        int line = tokens.line();
        List<Evaluator> positional = new ArrayList<>();
        Map<String, Evaluator> keywords = new LinkedHashMap<>();
        List<Evaluator> spread = new ArrayList<>();
        List<Evaluator> spreadKeywords = new ArrayList<>();
        bracketed(")", () -> {
            boolean inOrder = spreadKeywords.isEmpty();
            if (tokens.skipOperator("*")) {
                inOrder &= spread.isEmpty();
                spread.add(expressions.expression());
            } else if (tokens.skipOperator("**")) {
                spreadKeywords.add(expressions.expression());
            } else if (tokens.at(Token.Kind.NAME) && tokens.peekNext().isOperator("=")) {
                String name = tokens.name();
                tokens.next();
                inOrder &= keywords.put(name, expressions.expression()) == null;
            } else {
                inOrder &= spread.isEmpty() && keywords.isEmpty();
                positional.add(expressions.expression());
            }
            if (!inOrder) {
                throw new TemplateException("the arguments of a call are out of order or given twice", line);
            }
        });
        return new Calls.ArgumentList(positional, keywords, spread, spreadKeywords);
    }

    private Evaluator postfix(Evaluator start) {
        Evaluator value = start;
        while (true) {
            if (tokens.atOperator(".")) {
                value = member(value);
            } else if (tokens.atOperator("[")) {
                value = subscript(value);
            } else if (tokens.atOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Evaluator member(Evaluator owner) {
        state.operator(tokens.next().line());
        Token token = tokens.peek();
        if (token.kind() == Token.Kind.NUMBER && Types.isWhole(token.value())) {
            return new Evaluators.Element(
                    owner, new Evaluators.Constant(tokens.next().value()));
        }
        return new Evaluators.Attribute(owner, tokens.name());
    }

    private Evaluator subscript(Evaluator owner) {
        state.operator(tokens.next().line());
        if (tokens.skipOperator("]")) {
            return new Evaluators.Element(owner, new Evaluators.TupleDisplay(List.of()));
        }
        Evaluator from = tokens.atOperator(":") ? null : expressions.expression();
        if (from != null && tokens.atOperator(",")) {
            List<Evaluator> parts = new ArrayList<>(List.of(from));
            while (tokens.skipOperator(",")) {
                parts.add(expressions.expression());
            }
            from = new Evaluators.TupleDisplay(parts);
        }
        if (from != null && tokens.skipOperator("]")) {
            return new Evaluators.Element(owner, from);
        }
        tokens.expectOperator(":");
        Evaluator to = bound();
        Evaluator step = tokens.skipOperator(":") ? bound() : null;
        tokens.expectOperator("]");
        return new Evaluators.Slice(owner, orNone(from), orNone(to), orNone(step));
    }

    private @Nullable Evaluator bound() {
        return tokens.atOperator(":") || tokens.atOperator("]") ? null : expressions.expression();
    }

    private static Evaluator orNone(@Nullable Evaluator expr) {
        return expr == null ? new Evaluators.Constant(None.NONE) : expr;
    }

    private Calls.Call call(Evaluator target) {
        int line = tokens.line();
        state.operator(line);
        return new Calls.Call(target, arguments(), line);
    }

    private Evaluator filtersAndTests(Evaluator start) {
        Evaluator value = start;
        while (true) {
            if (tokens.skipOperator("|")) {
                value = new Calls.Applied(value, filterStep());
            } else if (tokens.atName("is")) {
                value = test(value);
            } else if (tokens.atOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    /** Filters one after the other, each behind its bar. */
    List<Calls.Step> filterSteps() {
        List<Calls.Step> steps = new ArrayList<>();
        while (tokens.skipOperator("|")) {
            steps.add(filterStep());
        }
        return steps;
    }

    /** A filter's name and arguments. */
    Calls.Step filterStep() {
        int line = tokens.line();
        ValueFunction filter = function(FunctionTable.FILTERS, line);
        return new Calls.Step(filter, tokens.atOperator("(") ? arguments() : Calls.ArgumentList.EMPTY, line);
    }

    private Evaluator test(Evaluator value) {
        int line = tokens.next().line();
        boolean negated = tokens.skipName("not");
        ValueFunction test = function(FunctionTable.TESTS, line);
        Evaluator tested = new Calls.Applied(value, new Calls.Step(test, testArguments(), line));
        return negated ? new Evaluators.Negation(tested) : tested;
    }

    /** The function of the name that comes next; an unknown one fails when it is called, if it is not refused before. */
    private ValueFunction function(FunctionTable table, int line) {
        state.operator(line);
        StringBuilder dotted = new StringBuilder(tokens.name());
        while (tokens.skipOperator(".")) {
            dotted.append('.').append(tokens.name());
        }
        String name = dotted.toString();
        try {
            return table.require(name);
        } catch (EvaluationError e) {
            state.unknown(new TemplateException(e.reason(), line));
            return (rendering, value, arguments) -> table.require(name).apply(rendering, value, arguments);
        }
    }

    /** Tests take their one argument without parentheses too. */
    private Calls.ArgumentList testArguments() {
        if (tokens.atOperator("(")) {
            return arguments();
        }
        Token token = tokens.peek();
        boolean begins = switch (token.kind()) {
            case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
            case STRING, NUMBER -> true;
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            default -> false;
        };
        if (!begins) {
            return Calls.ArgumentList.EMPTY;
        }
        if (token.isName("is")) {
            throw new TemplateException("tests with 'is' cannot follow each other", token.line());
        }
        return Calls.ArgumentList.of(List.of(postfix(primary())));
    }
}
