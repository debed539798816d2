package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Limits;
import ai.preceptor.jinja.value.PyComparison;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The state of one rendering: variables, limits, the output so far, and the position. */
public final class Rendering {
    /** Where a {@code generation} block wrote: its first char and one past its last. */
    public record Span(int start, int end) {}

    private final Map<String, Object> variables;
    private final Budget budget;
    private final Clock clock;
    private final Sink sink;
    private final Arithmetic arithmetic;
    private final PyComparison comparison;
    private final List<Span> spans = new ArrayList<>();
    private int line = 1;
    private int callDepth;

    public Rendering(Map<String, Object> variables, Limits limits, Clock clock) {
        this.variables = variables;
        this.budget = new Budget(limits);
        this.clock = clock;
        this.sink = new Sink(budget);
        this.arithmetic = new Arithmetic(this);
        this.comparison = new PyComparison(budget);
    }

    public Map<String, Object> variables() {
        return variables;
    }

    public Budget budget() {
        return budget;
    }

    Clock clock() {
        return clock;
    }

    /** The text of the template itself; macros and captured blocks have sinks of their own. */
    public Sink sink() {
        return sink;
    }

    public Arithmetic arithmetic() {
        return arithmetic;
    }

    public PyComparison comparison() {
        return comparison;
    }

    /** A {@code generation} block wrote that many chars, by its own account from here on. */
    public void addSpan(int chars) {
        spans.add(new Span(sink.length(), sink.length() + chars));
    }

    /** What the {@code generation} blocks wrote; where a block's text was dropped, the span may reach beyond the text. */
    public List<Span> spans() {
        return spans;
    }

    /** The line being worked on. */
    public int line() {
        return line;
    }

    public void at(int newLine) {
        line = newLine;
    }

    public String str(Object value) {
        return Repr.str(value, budget);
    }

    /** Calls a value, and comes back to the line of the call. */
    public Object call(Object target, Arguments arguments, int callLine) {
        line = callLine;
        Undefined.requireDefined(target);
        if (!(target instanceof PyCallable callable)) {
            throw new EvaluationError("a '" + Types.name(target) + "' cannot be called");
        }
        budget.step();
        budget.callDepth(++callDepth);
        Object result = callable.call(this, arguments);
        callDepth--;
        line = callLine;
        return result;
    }
}
