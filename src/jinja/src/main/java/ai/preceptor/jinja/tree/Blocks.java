package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Arguments;
import ai.preceptor.jinja.builtin.Sink;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Types;
import java.util.List;
import java.util.Set;

/** Statements that run a body in a scope of its own and process its output. */
public final class Blocks {
    private Blocks() {}

    private static Object filter(List<Calls.Step> steps, Frame frame, Object input) {
        Object value = input;
        for (Calls.Step step : steps) {
            value = step.apply(frame, value);
        }
        return value;
    }

    /** What a block writes is not turned into text, as a tag's value is; it must be one. */
    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new EvaluationError("a block must give a str, got " + Types.name(value));
    }

    /** {@code {% set target %}...{% endset %}}. */
    public record Capture(Target target, List<Calls.Step> steps, ScopedBody body, int line) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            return body.capture(frame, (own, text) -> {
                frame.rendering().at(line);
                target.assign(frame, filter(steps, own, text));
            });
        }

        @Override
        public void declare(Symbols symbols) {
            target.declare(symbols);
        }

        @Override
        public void plan(Symbols enclosing) {
            body.plan(enclosing, own -> {});
        }
    }

    /**
     * {@code {% filter name %}...{% endfilter %}}.
     *
     * @param names the variables that the arguments of the filters read
     */
    public record FilterBlock(List<Calls.Step> steps, Set<String> names, ScopedBody body, int line)
            implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            return body.capture(frame, (own, text) -> {
                frame.rendering().at(line);
                sink.append(Blocks.text(filter(steps, own, text)));
            });
        }

        @Override
        public void declare(Symbols symbols) {
            names.forEach(symbols::load);
        }

        @Override
        public void plan(Symbols enclosing) {
            body.plan(enclosing, own -> {});
        }
    }

    /** {@code {% with a = 1 %}...{% endwith %}}. */
    public record With(List<Target> targets, List<Expr> values, ScopedBody body, int line) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            frame.rendering().at(line);
            Frame own = body.open(frame);
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(own, values.get(i).eval(frame));
            }
            return body.run(own, sink);
        }

        @Override
        public void declare(Symbols symbols) {
            values.forEach(value -> value.declare(symbols));
        }

        @Override
        public void plan(Symbols enclosing) {
            body.plan(enclosing, own -> targets.forEach(target -> target.declareParameters(own)));
        }
    }

    /**
     * {@code {% call f(x) %}...{% endcall %}}: calls a macro that may call the block back.
     *
     * @param names the variables that the call reads
     */
    public record CallBlock(Calls.Call call, Set<String> names, MacroDefinition block) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            sink.append(text(call.evalWithCaller(frame, block.close(frame))));
            return Flow.NEXT;
        }

        @Override
        public void declare(Symbols symbols) {
            names.forEach(symbols::load);
        }

        @Override
        public void plan(Symbols enclosing) {
            block.plan(enclosing);
        }
    }

    /**
     * {@code {% generation %}...{% endgeneration %}}: what the assistant says. As in transformers, the block is a macro
     * called on the spot, and its span starts at the length of the template's own output so far; so a block inside
     * another macro or captured block is placed where that output stood when the block ran. Unlike transformers, a
     * recursive loop is not such a block: its spans are where they belong.
     */
    public record Generation(MacroDefinition block) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            String text = block.close(frame).run(frame.rendering(), Arguments.NONE);
            frame.rendering().addSpan(text.length());
            sink.append(text);
            return Flow.NEXT;
        }

        @Override
        public void plan(Symbols enclosing) {
            block.plan(enclosing);
        }
    }
}
