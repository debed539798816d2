package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Sink;
import java.util.List;
import java.util.function.Consumer;

/** Statements with a scope of their own. */
public final class ScopedBody {
    private final Body body;
    private Symbols.Plan plan = Symbols.Plan.EMPTY;

    public ScopedBody(List<Statement> statements) {
        this.body = new Body(statements);
    }

    /** Settles which names are whose, here and further in; {@code first} declares what the scope is given. */
    void plan(Symbols enclosing, Consumer<Symbols> first) {
        Symbols own = new Symbols(enclosing);
        first.accept(own);
        body.declare(own);
        plan = own.plan();
        body.plan(own);
    }

    Frame open(Frame enclosing) {
        return enclosing.inner(plan);
    }

    Statement.Flow run(Frame own, Sink sink) {
        return body.run(own, sink);
    }
}
