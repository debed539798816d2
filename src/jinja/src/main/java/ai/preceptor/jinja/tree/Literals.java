package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PyTuple;
import java.util.ArrayList;
import java.util.List;

/** Expressions that write a value down. */
public final class Literals {
    private Literals() {}

    /** A number, text, truth value or none. */
    public record Constant(Object value) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return value;
        }

        @Override
        public void declare(Symbols symbols) {}
    }

    /** {@code [a, b]}. */
    public record ListDisplay(List<Expr> items) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return new PyList(evalAll(items, frame));
        }

        @Override
        public void declare(Symbols symbols) {
            items.forEach(item -> item.declare(symbols));
        }
    }

    /** {@code (a, b)}. */
    public record TupleDisplay(List<Expr> items) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return new PyTuple(evalAll(items, frame));
        }

        @Override
        public void declare(Symbols symbols) {
            items.forEach(item -> item.declare(symbols));
        }
    }

    /** {@code {k: v}}. */
    public record DictDisplay(List<Expr> keys, List<Expr> values) implements Expr {
        @Override
        public Object eval(Frame frame) {
            PyDict dict = new PyDict();
            for (int i = 0; i < keys.size(); i++) {
                dict.put(keys.get(i).eval(frame), values.get(i).eval(frame));
            }
            return dict;
        }

        @Override
        public void declare(Symbols symbols) {
            for (int i = 0; i < keys.size(); i++) {
                keys.get(i).declare(symbols);
                values.get(i).declare(symbols);
            }
        }
    }

    private static List<Object> evalAll(List<Expr> items, Frame frame) {
        List<Object> values = new ArrayList<>(items.size());
        for (Expr item : items) {
            values.add(item.eval(frame));
        }
        frame.rendering().budget().spend(values.size());
        return values;
    }
}
