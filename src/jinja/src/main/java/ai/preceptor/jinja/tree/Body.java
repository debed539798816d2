package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Sink;
import java.util.List;

/** Statements that share the enclosing scope. */
public final class Body implements Statement {
    private final List<Statement> statements;

    public Body(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    @Override
    public Flow run(Frame frame, Sink sink) {
        for (Statement statement : statements) {
            frame.budget().operation();
            Flow flow = statement.run(frame, sink);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    @Override
    public void declare(Symbols symbols) {
        statements.forEach(s -> s.declare(symbols));
    }

    @Override
    public void plan(Symbols symbols) {
        statements.forEach(s -> s.plan(symbols));
    }
}
