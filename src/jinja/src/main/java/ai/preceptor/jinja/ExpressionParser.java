package ai.preceptor.jinja;

import ai.preceptor.jinja.builtin.Arithmetic;
import ai.preceptor.jinja.tree.Evaluator;
import ai.preceptor.jinja.tree.Evaluators;
import ai.preceptor.jinja.value.PyComparison;
import ai.preceptor.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions by the binding power of their operators.
 *
 * <p>From loose to tight: {@code or}, {@code and}, {@code not}, comparisons, {@code + -}, {@code ~},
 * {@code * / // %}, {@code **}, signs; all lean to the left, {@code **} too, as in Jinja.
 */
final class ExpressionParser {
    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int COMPARE = 4;
    private static final int ADD = 5;
    private static final int CONCAT = 6;
    private static final int MULTIPLY = 7;
    private static final int POWER = 8;

    private record Infix(int power, Evaluators.@Nullable Binary operator) {}

    private static final Map<String, Infix> OPERATORS = Map.of(
            "+", new Infix(ADD, Arithmetic::add),
            "-", new Infix(ADD, Arithmetic::subtract),
            "~", new Infix(CONCAT, null),
            "*", new Infix(MULTIPLY, Arithmetic::multiply),
            "/", new Infix(MULTIPLY, Arithmetic::divide),
            "//", new Infix(MULTIPLY, Arithmetic::floorDivide),
            "%", new Infix(MULTIPLY, Arithmetic::remainder),
            "**", new Infix(POWER, Arithmetic::power));

    private final TokenStream tokens;
    private final ParserState state;
    private final PrimaryParser primaries;

    ExpressionParser(TokenStream tokens, ParserState state) {
        this.tokens = tokens;
        this.state = state;
        this.primaries = new PrimaryParser(tokens, state, this);
    }

    PrimaryParser primaries() {
        return primaries;
    }

    /** An expression, with {@code a if c else b}. */
    Evaluator expression() {
        state.enter(tokens.line());
        int errors = state.deferred();
        Evaluator value = binary(OR);
        boolean conditional = tokens.atName("if");
        while (tokens.atName("if")) {
            state.operator(tokens.next().line());
            Evaluator condition = binary(OR);
            Evaluator otherwise = tokens.skipName("else")
                    ? expression()
                    : new Evaluators.Constant(new Undefined("an inline if without else was false"));
            value = new Evaluators.Conditional(condition, value, otherwise);
        }
        if (conditional) {
            state.forgive(errors);
        }
        state.leave();
        return value;
    }

    /** An expression without a bare {@code if}: where an {@code if} means something else. */
    Evaluator withoutConditional() {
        return binary(OR);
    }

    /** An expression, or several with commas between, which make a tuple. */
    Evaluator tupleOrExpression(boolean conditionals, String... ends) {
        Evaluator first = conditionals ? expression() : withoutConditional();
        if (!tokens.atOperator(",")) {
            return first;
        }
        List<Evaluator> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !atTupleEnd(ends)) {
            items.add(conditionals ? expression() : withoutConditional());
        }
        return new Evaluators.TupleDisplay(items);
    }

    private boolean atTupleEnd(String... ends) {
        for (String end : ends) {
            if (tokens.atName(end)) {
                return true;
            }
        }
        return tokens.at(Token.Kind.VARIABLE_END) || tokens.at(Token.Kind.BLOCK_END) || tokens.atOperator(")");
    }

    private Evaluator binary(int power) {
        Evaluator left;
        if (power <= NOT && tokens.atName("not")) {
            left = negation();
        } else {
            left = primaries.unary(true);
        }
        while (true) {
            Token token = tokens.peek();
            if (token.kind() == Token.Kind.NAME && power <= AND && (token.isName("and") || token.isName("or"))) {
                int own = token.isName("and") ? AND : OR;
                if (own < power) {
                    return left;
                }
                state.operator(tokens.next().line());
                left = new Evaluators.Logical(own == AND, left, binary(own + 1));
            } else if (power <= COMPARE && peekRelation() != null) {
                left = comparisons(left);
            } else {
                Infix infix = token.kind() == Token.Kind.OPERATOR ? OPERATORS.get(token.text()) : null;
                if (infix == null || infix.power() < power) {
                    return left;
                }
                left = arithmetic(left, infix);
            }
        }
    }

    private Evaluator negation() {
        state.enter(tokens.next().line());
        Evaluator operand = binary(NOT);
        state.leave();
        return new Evaluators.Negation(operand);
    }

    private Evaluator arithmetic(Evaluator left, Infix infix) {
        Evaluators.Binary operator = infix.operator();
        if (operator != null) {
            state.operator(tokens.next().line());
            Evaluator right = binary(infix.power() + 1);
            // Jinja writes a negative number into Python source without brackets, where ** binds tighter than its sign.
            if (infix.power() == POWER
                    && left instanceof Evaluators.Signed signed
                    && signed.isNegativeNumber()
                    && !Evaluators.Signed.isNumber(right)) {
                return new Evaluators.Signed(true, new Evaluators.Arithmetical(signed.operand(), operator, right));
            }
            return new Evaluators.Arithmetical(left, operator, right);
        }
        List<Evaluator> parts = new ArrayList<>(List.of(left));
        while (tokens.atOperator("~")) {
            state.operator(tokens.next().line());
            parts.add(binary(CONCAT + 1));
        }
        return new Evaluators.Concatenation(parts);
    }

    private Evaluators.@Nullable Relation peekRelation() {
        Token token = tokens.peek();
        if (token.isName("in")) {
            return (c, a, b) -> c.contains(b, a);
        }
        if (token.isName("not") && tokens.peekNext().isName("in")) {
            return (c, a, b) -> !c.contains(b, a);
        }
        return token.kind() == Token.Kind.OPERATOR ? relation(token.text()) : null;
    }

    private static Evaluators.@Nullable Relation relation(String operator) {
        return switch (operator) {
            case "==" -> PyComparison::equal;
            case "!=" -> (c, a, b) -> !c.equal(a, b);
            case "<" -> PyComparison::less;
            case "<=" -> PyComparison::lessOrEqual;
            case ">" -> (c, a, b) -> c.less(b, a);
            case ">=" -> (c, a, b) -> c.lessOrEqual(b, a);
            default -> null;
        };
    }

    private Evaluator comparisons(Evaluator first) {
        List<Evaluators.Relation> relations = new ArrayList<>();
        List<Evaluator> rest = new ArrayList<>();
        for (Evaluators.Relation r = peekRelation(); r != null; r = peekRelation()) {
            state.operator(tokens.line());
            if (tokens.next().isName("not")) {
                tokens.next();
            }
            relations.add(r);
            rest.add(binary(ADD));
        }
        return new Evaluators.Chain(first, relations, rest);
    }
}
