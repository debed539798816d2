package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Sink;
import java.util.List;

/** Statements that share their scope with what is around them. */
public final class Body {
    private final List<Statement> statements;

    public Body(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    public Statement.Flow run(Frame frame, Sink sink) {
        for (Statement statement : statements) {
            Statement.Flow flow = statement.run(frame, sink);
            if (flow != Statement.Flow.NEXT) {
                return flow;
            }
        }
        return Statement.Flow.NEXT;
    }

    public void declare(Symbols symbols) {
        statements.forEach(s -> s.declare(symbols));
    }

    public void plan(Symbols symbols) {
        statements.forEach(s -> s.plan(symbols));
    }
}
