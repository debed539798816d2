package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Arguments;
import ai.preceptor.jinja.builtin.PyCallable;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.Sink;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Undefined;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A macro's definition.
 *
 * @param name its name; empty for the block of {@code {% call %}}
 * @param parameters what it can be given
 * @param special which of {@code caller}, {@code varargs} and {@code kwargs} its body uses
 * @param body what it writes
 */
public record MacroDefinition(String name, Parameters parameters, Set<String> special, ScopedBody body)
        implements Statement {
    public static final String CALLER = "caller";
    public static final String VARARGS = "varargs";
    public static final String KWARGS = "kwargs";

    /**
     * What a macro can be given.
     *
     * @param defaults the values of the last parameters where they are left out
     */
    public record Parameters(List<String> names, List<Expr> defaults) {
        public static final Parameters NONE = new Parameters(List.of(), List.of());

        /** The default of a parameter, or null if it has none. */
        public @Nullable Expr defaultOf(int parameter) {
            int at = parameter - (names.size() - defaults.size());
            return at < 0 ? null : defaults.get(at);
        }
    }

    /** The macro with the scope it is written in. */
    Macro close(Frame frame) {
        return new Macro(frame);
    }

    /** Whether the body uses a special name that is not an ordinary parameter. */
    boolean uses(String specialName) {
        return special.contains(specialName) && !parameters.names().contains(specialName);
    }

    @Override
    public Flow run(Frame frame, Sink sink) {
        frame.set(name, close(frame));
        return Flow.NEXT;
    }

    @Override
    public void declare(Symbols symbols) {
        symbols.store(name);
    }

    @Override
    public void plan(Symbols enclosing) {
        body.plan(enclosing, own -> {
            parameters.names().forEach(own::parameter);
            special.forEach(own::parameter);
            parameters.defaults().forEach(value -> value.declare(own));
        });
    }

    /** The macro as a value: it can be called. */
    final class Macro implements PyCallable {
        private final Frame scope;

        private Macro(Frame scope) {
            this.scope = scope;
        }

        private String label() {
            return name.isEmpty() ? "anonymous" : Repr.of(name);
        }

        @Override
        public Object call(Rendering rendering, Arguments arguments) {
            return run(rendering, arguments);
        }

        /** What the macro writes. */
        String run(Rendering rendering, Arguments arguments) {
            Frame own = body.open(scope);
            Map<String, Object> keywords = new LinkedHashMap<>(arguments.keywords());
            List<Object> extra = bindParameters(own, arguments.positional(), keywords);
            if (uses(CALLER)) {
                Object caller = keywords.remove(CALLER);
                own.set(CALLER, caller == null ? new Undefined("no caller is defined") : caller);
            }
            bindExtra(own, extra, keywords);
            setDefaults(own);
            Sink sink = new Sink(rendering.budget());
            body.run(own, sink);
            return sink.text();
        }

        /** Fills the parameters, takes the keywords used, and gives the positional arguments left over. */
        private List<Object> bindParameters(Frame own, List<Object> positional, Map<String, Object> keywords) {
            int given = Math.min(parameters.names().size(), positional.size());
            for (int i = 0; i < parameters.names().size(); i++) {
                String parameter = parameters.names().get(i);
                Object value = i < given ? positional.get(i) : keywords.remove(parameter);
                if (value != null) {
                    own.set(parameter, value);
                }
            }
            return positional.subList(given, positional.size());
        }

        private void bindExtra(Frame own, List<Object> extra, Map<String, Object> keywords) {
            if (uses(KWARGS)) {
                own.set(KWARGS, PyDict.of(keywords, own.budget()));
            } else if (!keywords.isEmpty()) {
                String first = keywords.keySet().iterator().next();
                throw new EvaluationError("macro " + label() + " takes no argument '" + first + "'");
            }
            if (uses(VARARGS)) {
                own.set(VARARGS, new PyTuple(extra));
            } else if (!extra.isEmpty()) {
                throw new EvaluationError("macro " + label() + " takes at most "
                        + parameters.names().size() + " argument(s), got "
                        + (parameters.names().size() + extra.size()));
            }
        }

        private void setDefaults(Frame own) {
            for (int i = 0; i < parameters.names().size(); i++) {
                String parameter = parameters.names().get(i);
                if (!own.isSet(parameter)) {
                    Expr fallback = parameters.defaultOf(i);
                    Object value = fallback == null
                            ? new Undefined("parameter '" + parameter + "' was not provided")
                            : fallback.eval(own);
                    own.set(parameter, value);
                }
            }
        }

        @Override
        public String typeName() {
            return "Macro";
        }

        @Override
        public String repr() {
            return "<Macro " + label() + ">";
        }

        @Override
        public @Nullable Object attribute(String attribute) {
            return switch (attribute) {
                case "name" -> name.isEmpty() ? None.NONE : name;
                case "arguments" -> new PyTuple(List.copyOf(parameters.names()));
                case "catch_kwargs" -> uses(KWARGS);
                case "catch_varargs" -> uses(VARARGS);
                case "caller" -> special.contains(CALLER);
                default -> null;
            };
        }
    }
}
