package ai.preceptor.jinja;

/** Expressions that look something up. */
final class References {
    private References() {}

    /** {@code name}. */
    record Name(String name) implements Expr {
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
    record Attribute(Expr owner, String name) implements Expr {
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
    record Element(Expr owner, Expr key) implements Expr {
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
    record Slice(Expr owner, Expr from, Expr to, Expr step) implements Expr {
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
