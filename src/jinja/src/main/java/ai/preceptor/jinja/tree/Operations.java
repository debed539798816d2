package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Arithmetic;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.value.Comparison;
import ai.preceptor.jinja.value.Types;
import java.util.List;

/** Expressions made of operators. */
public final class Operations {
    private Operations() {}

    /** What an arithmetic operator does. */
    @FunctionalInterface
    public interface Binary {
        Object apply(Arithmetic arithmetic, Object left, Object right);
    }

    /** What a comparison asks. */
    @FunctionalInterface
    public interface Relation {
        boolean holds(Comparison comparison, Object left, Object right);
    }

    /** {@code a + b} and the like. */
    public record Arithmetical(Expr left, Binary operator, Expr right) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return operator.apply(frame.rendering().arithmetic(), left.eval(frame), right.eval(frame));
        }

        @Override
        public void declare(Symbols symbols) {
            left.declare(symbols);
            right.declare(symbols);
        }
    }

    /** {@code -a} and {@code +a}. */
    public record Signed(boolean negative, Expr operand) implements Expr {
        /** Whether it is a minus before a number. */
        public boolean isNegativeNumber() {
            return negative && operand instanceof Literals.Constant;
        }

        /** Whether an expression is a number, with a sign or without. */
        public static boolean isNumber(Expr expression) {
            return expression instanceof Literals.Constant
                    || (expression instanceof Signed signed && isNumber(signed.operand()));
        }

        @Override
        public Object eval(Frame frame) {
            Arithmetic arithmetic = frame.rendering().arithmetic();
            Object value = operand.eval(frame);
            return negative ? arithmetic.negate(value) : arithmetic.plus(value);
        }

        @Override
        public void declare(Symbols symbols) {
            operand.declare(symbols);
        }
    }

    /** {@code a ~ b ~ c}. */
    public record Concatenation(List<Expr> parts) implements Expr {
        @Override
        public Object eval(Frame frame) {
            Rendering rendering = frame.rendering();
            StringBuilder out = new StringBuilder();
            for (Expr part : parts) {
                String piece = rendering.str(part.eval(frame));
                rendering.budget().output((long) out.length() + piece.length(), piece.length());
                out.append(piece);
            }
            return out.toString();
        }

        @Override
        public void declare(Symbols symbols) {
            parts.forEach(part -> part.declare(symbols));
        }
    }

    /** {@code a and b}, {@code a or b}: the operand that decided. */
    public record Logical(boolean and, Expr left, Expr right) implements Expr {
        @Override
        public Object eval(Frame frame) {
            Object value = left.eval(frame);
            return Types.truth(value) == and ? right.eval(frame) : value;
        }

        @Override
        public void declare(Symbols symbols) {
            left.declare(symbols);
            right.declare(symbols);
        }
    }

    /** {@code not a}. */
    public record Negation(Expr operand) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return !Types.truth(operand.eval(frame));
        }

        @Override
        public void declare(Symbols symbols) {
            operand.declare(symbols);
        }
    }

    /** {@code a < b <= c}: every neighbour pair must hold, and later operands may stay unread. */
    public record Chain(Expr first, List<Relation> relations, List<Expr> rest) implements Expr {
        @Override
        public Object eval(Frame frame) {
            Object left = first.eval(frame);
            for (int i = 0; i < relations.size(); i++) {
                Object right = rest.get(i).eval(frame);
                if (!relations.get(i).holds(frame.rendering().comparison(), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }

        @Override
        public void declare(Symbols symbols) {
            first.declare(symbols);
            rest.forEach(e -> e.declare(symbols));
        }
    }

    /** {@code a if c else b}. */
    public record Conditional(Expr condition, Expr then, Expr otherwise) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return Types.truth(condition.eval(frame)) ? then.eval(frame) : otherwise.eval(frame);
        }

        @Override
        public void declare(Symbols symbols) {
            condition.declare(symbols);
            then.declare(symbols);
            otherwise.declare(symbols);
        }
    }
}
