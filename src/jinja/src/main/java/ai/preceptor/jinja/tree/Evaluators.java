package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Access;
import ai.preceptor.jinja.builtin.Arithmetic;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.value.PyComparison;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Types;
import java.util.ArrayList;
import java.util.List;

/** Literals, names and operators. */
public final class Evaluators {
    /** What an arithmetic operator does. */
    @FunctionalInterface
    public interface Binary {
        Object apply(Arithmetic arithmetic, Object left, Object right);
    }

    /** What a comparison asks. */
    @FunctionalInterface
    public interface Relation {
        boolean holds(PyComparison comparison, Object left, Object right);
    }

    private Evaluators() {}

    /** A number, text, truth value or none. */
    public record Constant(Object value) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            return value;
        }
    }

    /** {@code [a, b]}. */
    public record ListDisplay(List<Evaluator> items) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            return new PyList(evalAll(items, frame));
        }
    }

    /** {@code (a, b)}. */
    public record TupleDisplay(List<Evaluator> items) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            return new PyTuple(evalAll(items, frame));
        }
    }

    private static List<Object> evalAll(List<Evaluator> items, Frame frame) {
        List<Object> values = new ArrayList<>(items.size());
        for (Evaluator item : items) {
            values.add(item.eval(frame));
        }
        frame.budget().spend(values.size());
        return values;
    }

    /** {@code {k: v}}. */
    public record DictDisplay(List<Evaluator> keys, List<Evaluator> values) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            PyDict dict = new PyDict();
            for (int i = 0; i < keys.size(); i++) {
                dict.put(keys.get(i).eval(frame), values.get(i).eval(frame), frame.budget());
            }
            frame.budget().spend(keys.size());
            return dict;
        }
    }

    /** {@code name}. */
    public record Name(String name) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            return frame.get(name);
        }
    }

    /** {@code a.name}. */
    public record Attribute(Evaluator owner, String name) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            frame.budget().operation();
            return Access.attribute(owner.eval(frame), name, frame.budget());
        }
    }

    /** {@code a[key]}. */
    public record Element(Evaluator owner, Evaluator key) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            frame.budget().operation();
            return Access.element(owner.eval(frame), key.eval(frame), frame.budget());
        }
    }

    /** {@code a[from:to:step]}; an absent part is none. */
    public record Slice(Evaluator owner, Evaluator from, Evaluator to, Evaluator step) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            frame.budget().operation();
            return Access.slice(owner.eval(frame), from.eval(frame), to.eval(frame), step.eval(frame), frame.budget());
        }
    }

    /** {@code a + b} and the like. */
    public record Arithmetical(Evaluator left, Binary operator, Evaluator right) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            frame.budget().operation();
            return operator.apply(frame.rendering().arithmetic(), left.eval(frame), right.eval(frame));
        }
    }

    /** {@code -a} and {@code +a}. */
    public record Signed(boolean negative, Evaluator operand) implements Evaluator {
        /** Whether it is a minus before a number. */
        public boolean isNegativeNumber() {
            return negative && operand instanceof Constant;
        }

        /** Whether an expression is a number, with a sign or without. */
        public static boolean isNumber(Evaluator expression) {
            return expression instanceof Constant
                    || (expression instanceof Signed signed && isNumber(signed.operand()));
        }

        @Override
        public Object eval(Frame frame) {
            frame.budget().operation();
            Arithmetic arithmetic = frame.rendering().arithmetic();
            Object value = operand.eval(frame);
            return negative ? arithmetic.negate(value) : arithmetic.plus(value);
        }
    }

    /** {@code a ~ b ~ c}. */
    public record Concatenation(List<Evaluator> parts) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            Rendering rendering = frame.rendering();
            StringBuilder out = new StringBuilder();
            for (Evaluator part : parts) {
                rendering.budget().operation();
                String piece = rendering.str(part.eval(frame));
                rendering.budget().output((long) out.length() + piece.length(), piece.length());
                out.append(piece);
            }
            return out.toString();
        }
    }

    /** {@code a and b}, {@code a or b}: the operand that decided. */
    public record Logical(boolean and, Evaluator left, Evaluator right) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            frame.budget().operation();
            Object value = left.eval(frame);
            return Types.truth(value) == and ? right.eval(frame) : value;
        }
    }

    /** {@code not a}. */
    public record Negation(Evaluator operand) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            frame.budget().operation();
            return !Types.truth(operand.eval(frame));
        }
    }

    /** {@code a < b <= c}: every neighbour pair must hold, and later operands may stay unread. */
    public record Chain(Evaluator first, List<Relation> relations, List<Evaluator> rest) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            Object left = first.eval(frame);
            for (int i = 0; i < relations.size(); i++) {
                frame.budget().operation();
                Object right = rest.get(i).eval(frame);
                if (!relations.get(i).holds(frame.rendering().comparison(), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }
    }

    /** {@code a if c else b}. */
    public record Conditional(Evaluator condition, Evaluator then, Evaluator otherwise) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            frame.budget().operation();
            return Types.truth(condition.eval(frame)) ? then.eval(frame) : otherwise.eval(frame);
        }
    }
}
