package ai.preceptor.jinja;

import java.util.List;

/** Statements that share their scope with what is around them. */
final class Body {
    private final List<Statement> statements;

    Body(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    Statement.Flow run(Frame frame, Sink sink) {
        for (Statement statement : statements) {
            Statement.Flow flow = statement.run(frame, sink);
            if (flow != Statement.Flow.NEXT) {
                return flow;
            }
        }
        return Statement.Flow.NEXT;
    }

    void declare(Symbols symbols) {
        statements.forEach(s -> s.declare(symbols));
    }

    void plan(Symbols symbols) {
        statements.forEach(s -> s.plan(symbols));
    }
}
