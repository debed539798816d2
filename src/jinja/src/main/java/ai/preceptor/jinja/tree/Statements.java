package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Sink;
import ai.preceptor.jinja.value.Types;
import java.util.List;

/** Statements without a scope of their own. */
public final class Statements {
    private Statements() {}

    /** Template text. */
    public record Text(String text) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            sink.append(text);
            return Flow.NEXT;
        }
    }

    /** {@code {{ value }}}. */
    public record Output(Expr value, int line) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            frame.rendering().at(line);
            sink.append(frame.rendering().str(value.eval(frame)));
            return Flow.NEXT;
        }

        @Override
        public void declare(Symbols symbols) {
            value.declare(symbols);
        }
    }

    /** {@code {% set target = value %}}. */
    public record Assign(Target target, Expr value, int line) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            frame.rendering().at(line);
            target.assign(frame, value.eval(frame));
            return Flow.NEXT;
        }

        @Override
        public void declare(Symbols symbols) {
            value.declare(symbols);
            target.declare(symbols);
        }
    }

    /** {@code {% break %}} and {@code {% continue %}}. */
    public record Jump(Flow flow) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            return flow;
        }
    }

    /** One {@code if} or {@code elif}. */
    public record Branch(Expr condition, Body body, int line) {}

    /** {@code {% if %}} with its branches. */
    public record If(List<Branch> branches, Body otherwise) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            for (Branch branch : branches) {
                frame.budget().operation();
                frame.rendering().at(branch.line());
                if (Types.truth(branch.condition().eval(frame))) {
                    return branch.body().run(frame, sink);
                }
            }
            return otherwise.run(frame, sink);
        }

        @Override
        public void declare(Symbols symbols) {
            branches.get(0).condition().declare(symbols);
            Symbols first = symbols.branch();
            branches.get(0).body().declare(first);
            Symbols others = symbols.branch();
            for (Branch branch : branches.subList(1, branches.size())) {
                new If(List.of(branch), new Body(List.of())).declare(others);
            }
            Symbols last = symbols.branch();
            otherwise.declare(last);
            symbols.merge(List.of(first, others, last));
        }

        @Override
        public void plan(Symbols enclosing) {
            branches.forEach(branch -> branch.body().plan(enclosing));
            otherwise.plan(enclosing);
        }
    }
}
