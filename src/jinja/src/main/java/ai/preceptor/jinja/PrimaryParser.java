package ai.preceptor.jinja;

import ai.preceptor.jinja.filter.FilterTable;
import ai.preceptor.jinja.filter.TestTable;
import ai.preceptor.jinja.filter.ValueFilter;
import ai.preceptor.jinja.filter.ValueTest;
import ai.preceptor.jinja.tree.Calls;
import ai.preceptor.jinja.tree.Expr;
import ai.preceptor.jinja.tree.Literals;
import ai.preceptor.jinja.tree.Operations;
import ai.preceptor.jinja.tree.References;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what operators bind: literals and names, with their signs, accesses, calls, filters and tests. */
final class PrimaryParser {
    private static final Map<String, Object> CONSTANTS =
            Map.of("true", true, "True", true, "false", false, "False", false, "none", None.NONE, "None", None.NONE);

    private final TokenStream tokens;
    private final ParserState state;
    private final ExpressionParser expressions;
    private final ArgumentParser arguments;

    PrimaryParser(TokenStream tokens, ParserState state, ExpressionParser expressions) {
        this.tokens = tokens;
        this.state = state;
        this.expressions = expressions;
        this.arguments = new ArgumentParser(tokens, expressions);
    }

    /** An operand with its sign; filters bind to the outermost sign. */
    Expr unary(boolean withFilters) {
        Expr value;
        if (tokens.atOperator("-") || tokens.atOperator("+")) {
            state.enter(tokens.line());
            boolean negative = tokens.next().isOperator("-");
            value = new Operations.Signed(negative, unary(false));
            state.leave();
        } else {
            value = primary();
        }
        value = postfix(value);
        return withFilters ? filtersAndTests(value) : value;
    }

    private Expr primary() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case NAME -> name(tokens.next().text());
            case STRING -> string();
            case NUMBER -> new Literals.Constant(tokens.next().value());
            case OPERATOR -> bracketed(token);
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Expr name(String name) {
        Object constant = CONSTANTS.get(name);
        if (constant != null) {
            return new Literals.Constant(constant);
        }
        state.used(name);
        return new References.Name(name);
    }

    private Expr string() {
        StringBuilder text = new StringBuilder();
        while (tokens.at(Token.Kind.STRING)) {
            text.append((String) tokens.next().value());
        }
        return new Literals.Constant(text.toString());
    }

    private Expr bracketed(Token open) {
        return switch (open.text()) {
            case "(" -> parenthesized();
            case "[" -> new Literals.ListDisplay(list());
            case "{" -> dict();
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Expr parenthesized() {
        tokens.next();
        if (tokens.skipOperator(")")) {
            return new Literals.TupleDisplay(List.of());
        }
        Expr inner = expressions.tupleOrExpression(true);
        tokens.expectOperator(")");
        return inner;
    }

    private List<Expr> list() {
        tokens.next();
        List<Expr> items = new ArrayList<>();
        while (!tokens.atOperator("]")) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.atOperator("]")) {
                    break;
                }
            }
            items.add(expressions.expression());
        }
        tokens.expectOperator("]");
        return items;
    }

    private Expr dict() {
        tokens.next();
        List<Expr> keys = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!tokens.atOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.atOperator("}")) {
                    break;
                }
            }
            keys.add(expressions.expression());
            tokens.expectOperator(":");
            values.add(expressions.expression());
        }
        tokens.expectOperator("}");
        return new Literals.DictDisplay(keys, values);
    }

    private Expr postfix(Expr start) {
        Expr value = start;
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

    private Expr member(Expr owner) {
        state.operator(tokens.next().line());
        Token token = tokens.peek();
        if (token.kind() == Token.Kind.NUMBER && Types.isWhole(token.value())) {
            return new References.Element(
                    owner, new Literals.Constant(tokens.next().value()));
        }
        return new References.Attribute(owner, tokens.name());
    }

    private Expr subscript(Expr owner) {
        state.operator(tokens.next().line());
        if (tokens.skipOperator("]")) {
            return new References.Element(owner, new Literals.TupleDisplay(List.of()));
        }
        Expr from = tokens.atOperator(":") ? null : expressions.expression();
        if (from != null && tokens.atOperator(",")) {
            List<Expr> parts = new ArrayList<>(List.of(from));
            while (tokens.skipOperator(",")) {
                parts.add(expressions.expression());
            }
            from = new Literals.TupleDisplay(parts);
        }
        if (from != null && tokens.skipOperator("]")) {
            return new References.Element(owner, from);
        }
        tokens.expectOperator(":");
        Expr to = bound();
        Expr step = tokens.skipOperator(":") ? bound() : null;
        tokens.expectOperator("]");
        return new References.Slice(owner, orNone(from), orNone(to), orNone(step));
    }

    private @Nullable Expr bound() {
        return tokens.atOperator(":") || tokens.atOperator("]") ? null : expressions.expression();
    }

    private static Expr orNone(@Nullable Expr expr) {
        return expr == null ? new Literals.Constant(None.NONE) : expr;
    }

    private Calls.Call call(Expr target) {
        int line = tokens.line();
        state.operator(line);
        return new Calls.Call(target, arguments.read(), line);
    }

    private Expr filtersAndTests(Expr start) {
        Expr value = start;
        while (true) {
            if (tokens.atOperator("|")) {
                tokens.next();
                value = new Calls.Filtered(value, filterStep());
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
    List<Calls.FilterStep> filterSteps() {
        List<Calls.FilterStep> steps = new ArrayList<>();
        while (tokens.skipOperator("|")) {
            steps.add(filterStep());
        }
        return steps;
    }

    /** A filter's name and arguments. */
    Calls.FilterStep filterStep() {
        int line = tokens.line();
        state.operator(line);
        String name = dottedName();
        ValueFilter filter = FilterTable.find(name);
        if (filter == null) {
            state.unknown(new TemplateException("there is no filter '" + name + "'", line));
            filter = (rendering, value, given) -> {
                throw new EvaluationError("there is no filter '" + name + "'");
            };
        }
        return new Calls.FilterStep(filter, tokens.atOperator("(") ? arguments.read() : Calls.ArgumentList.EMPTY, line);
    }

    private String dottedName() {
        StringBuilder name = new StringBuilder(tokens.name());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.name());
        }
        return name.toString();
    }

    private Expr test(Expr value) {
        int line = tokens.next().line();
        state.operator(line);
        boolean negated = tokens.skipName("not");
        String name = dottedName();
        ValueTest test = TestTable.find(name);
        if (test == null) {
            state.unknown(new TemplateException("there is no test '" + name + "'", line));
            test = (rendering, v, given) -> {
                throw new EvaluationError("there is no test '" + name + "'");
            };
        }
        Expr tested = new Calls.Tested(value, test, testArguments(), line);
        return negated ? new Operations.Negation(tested) : tested;
    }

    /** Tests take their one argument without parentheses too. */
    private Calls.ArgumentList testArguments() {
        if (tokens.atOperator("(")) {
            return arguments.read();
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
        return new Calls.ArgumentList(List.of(postfix(primary())), Map.of(), null, null);
    }
}
