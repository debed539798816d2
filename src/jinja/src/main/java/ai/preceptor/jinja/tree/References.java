package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Access;

/** Expressions that look something up. */
public final class References {
    private References() {}

    /** {@code name}. */
    public record Name(String name) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return frame.get(name);
        }

        @Override
        public void declare(Symbols symbols) {
            symbols.load(name);
        }
    }

    /** {@code a.name}. */
    public record Attribute(Expr owner, String name) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return Access.attribute(owner.eval(frame), name);
        }

        @Override
        public void declare(Symbols symbols) {
            owner.declare(symbols);
        }
    }

    /** {@code a[key]}. */
    public record Element(Expr owner, Expr key) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return Access.element(
                    owner.eval(frame), key.eval(frame), frame.rendering().budget());
        }

        @Override
        public void declare(Symbols symbols) {
            owner.declare(symbols);
            key.declare(symbols);
        }
    }

    /** {@code a[from:to:step]}; an absent part is none. */
    public record Slice(Expr owner, Expr from, Expr to, Expr step) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return Access.slice(
                    owner.eval(frame),
                    from.eval(frame),
                    to.eval(frame),
                    step.eval(frame),
                    frame.rendering().budget());
        }

        @Override
        public void declare(Symbols symbols) {
            owner.declare(symbols);
            from.declare(symbols);
            to.declare(symbols);
            step.declare(symbols);
        }
    }
}
