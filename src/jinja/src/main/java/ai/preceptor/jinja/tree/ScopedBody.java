package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Sink;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Statements with a scope of their own. */
public final class ScopedBody {
    private final Body body;
    private Symbols scope = new Symbols(null);

    public ScopedBody(List<Statement> statements) {
        this.body = new Body(statements);
    }

    /** Settles which names are whose, here and further in; {@code first} declares what the scope is given. */
    void plan(Symbols enclosing, Consumer<Symbols> first) {
        scope = new Symbols(enclosing);
        first.accept(scope);
        body.declare(scope);
        body.plan(scope);
    }

    /** Runs the body with a sink of its own; unless a jump ends it, its scope and what it wrote go to the consumer. */
    Statement.Flow capture(Frame enclosing, BiConsumer<Frame, String> consumer) {
        Frame own = open(enclosing);
        Sink captured = new Sink(enclosing.budget());
        Statement.Flow flow = run(own, captured);
        if (flow == Statement.Flow.NEXT) {
            consumer.accept(own, captured.text());
        }
        return flow;
    }

    Frame open(Frame enclosing) {
        return enclosing.inner(scope);
    }

    Statement.Flow run(Frame own, Sink sink) {
        return body.run(own, sink);
    }
}
