package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Arguments;
import ai.preceptor.jinja.builtin.LoopContext;
import ai.preceptor.jinja.builtin.PyCallable;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.Sink;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.Types;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** {@code {% for %}} with its condition, its {@code else} and its calls to itself. */
public final class For implements Statement {
    /**
     * The head of the loop.
     *
     * @param target what takes each element
     * @param source what is looped over
     * @param condition which elements count; null for all
     * @param recursive whether {@code loop(...)} runs the loop again on something else
     */
    public record Head(Target target, Expr source, @Nullable Expr condition, boolean recursive, int line) {}

    private static final String LOOP = "loop";

    private final Head head;
    private final ScopedBody body;
    private final ScopedBody otherwise;
    private Symbols conditionScope = new Symbols(null);

    public For(Head head, ScopedBody body, ScopedBody otherwise) {
        this.head = head;
        this.body = body;
        this.otherwise = otherwise;
    }

    @Override
    public Flow run(Frame frame, Sink sink) {
        frame.rendering().at(head.line());
        return loop(frame, sink, head.source().eval(frame), 0);
    }

    private Flow loop(Frame frame, Sink sink, Object source, int depth) {
        frame.budget().read(source); // its characters are counted
        Iterator<Object> items = Iteration.over(source);
        Expr condition = head.condition();
        if (condition != null) {
            items = Iteration.matching(items, item -> passes(frame, condition, item), frame.budget());
        }
        PyCallable again =
                head.recursive() ? (rendering, arguments) -> recurse(frame, rendering, arguments, depth) : null;
        LoopContext loop = new LoopContext(items, condition == null ? source : None.NONE, depth, again);
        boolean completed = false;
        while (loop.hasNext()) {
            frame.budget().step();
            Object item = loop.advance();
            Frame own = body.open(frame);
            own.set(LOOP, loop);
            frame.rendering().at(head.line());
            head.target().assign(own, item);
            Flow flow = body.run(own, sink);
            if (flow == Flow.BREAK) {
                break;
            }
            completed |= flow == Flow.NEXT;
        }
        // As in Jinja, rounds cut short do not count: a loop whose every round ends in a jump still runs its else.
        return completed ? Flow.NEXT : otherwise.run(otherwise.open(frame), sink);
    }

    private boolean passes(Frame frame, Expr condition, Object item) {
        Frame own = frame.inner(conditionScope);
        head.target().assign(own, item);
        return Types.truth(condition.eval(own));
    }

    private Object recurse(Frame frame, Rendering rendering, Arguments arguments, int depth) {
        if (arguments.positional().size() != 1 || !arguments.keywords().isEmpty()) {
            throw new EvaluationError("loop(...) takes one argument, got "
                    + (arguments.positional().size() + arguments.keywords().size()));
        }
        Sink sink = new Sink(rendering.budget());
        loop(frame, sink, arguments.positional().get(0), depth + 1);
        return sink.text();
    }

    @Override
    public void declare(Symbols symbols) {
        head.source().declare(symbols);
    }

    @Override
    public void plan(Symbols enclosing) {
        body.plan(enclosing, own -> {
            own.parameter(LOOP);
            head.target().declareParameters(own);
        });
        otherwise.plan(enclosing, own -> {});
        if (head.condition() != null) {
            conditionScope = new Symbols(enclosing);
            head.target().declareParameters(conditionScope);
            head.condition().declare(conditionScope);
        }
    }
}
