package ai.preceptor.lm.chat;

import java.util.List;

/** Statements that run a body in a scope of its own and do something with what it wrote. */
final class Blocks {
    private Blocks() {}

    private static Object filter(List<Calls.FilterStep> steps, Frame frame, Object input) {
        Object value = input;
        for (Calls.FilterStep step : steps) {
            value = step.apply(frame, value);
        }
        return value;
    }

    /** {@code {% set target %}...{% endset %}}. */
    record Capture(Target target, List<Calls.FilterStep> steps, ScopedBody body, int line) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            Frame own = body.open(frame);
            Sink captured = new Sink(frame.rendering().budget());
            Flow flow = body.run(own, captured);
            if (flow == Flow.NEXT) {
                frame.rendering().at(line);
                target.assign(frame, filter(steps, own, captured.text()));
            }
            return flow;
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

    /** {@code {% filter name %}...{% endfilter %}}. */
    record FilterBlock(List<Calls.FilterStep> steps, ScopedBody body, int line) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            Frame own = body.open(frame);
            Sink captured = new Sink(frame.rendering().budget());
            Flow flow = body.run(own, captured);
            if (flow == Flow.NEXT) {
                frame.rendering().at(line);
                sink.append(frame.rendering().str(filter(steps, own, captured.text())));
            }
            return flow;
        }

        @Override
        public void declare(Symbols symbols) {
            steps.forEach(step -> step.declare(symbols));
        }

        @Override
        public void plan(Symbols enclosing) {
            body.plan(enclosing, own -> {});
        }
    }

    /** {@code {% with a = 1 %}...{% endwith %}}. */
    record With(List<Target> targets, List<Expr> values, ScopedBody body, int line) implements Statement {
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

    /** {@code {% call f(x) %}...{% endcall %}}: calls a macro that may call the block back. */
    record CallBlock(Calls.Call call, MacroDefinition block) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            sink.append(frame.rendering().str(call.evalWithCaller(frame, block.close(frame))));
            return Flow.NEXT;
        }

        @Override
        public void declare(Symbols symbols) {
            call.declare(symbols);
        }

        @Override
        public void plan(Symbols enclosing) {
            block.plan(enclosing);
        }
    }

    /**
     * {@code {% generation %}...{% endgeneration %}}: what the assistant says. As in transformers, the span starts at
     * the length of the template's own output so far, so a block inside a macro or captured block is placed where that
     * output stood when the block ran.
     */
    record Generation(ScopedBody body) implements Statement {
        @Override
        public Flow run(Frame frame, Sink sink) {
            Rendering rendering = frame.rendering();
            Sink captured = new Sink(rendering.budget());
            body.run(body.open(frame), captured);
            int start = rendering.sink().length();
            rendering.spans().add(new Rendered.Span(start, start + captured.length()));
            sink.append(captured.text());
            return Flow.NEXT;
        }

        @Override
        public void declare(Symbols symbols) {}

        @Override
        public void plan(Symbols enclosing) {
            body.plan(enclosing, own -> {});
        }
    }
}
