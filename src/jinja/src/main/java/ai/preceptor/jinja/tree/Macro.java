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
import org.jspecify.annotations.Nullable;

/** A macro that can be called. */
final class Macro implements PyCallable {
    private final MacroDefinition definition;
    private final Frame scope;

    Macro(MacroDefinition definition, Frame scope) {
        this.definition = definition;
        this.scope = scope;
    }

    private String label() {
        return definition.name().isEmpty() ? "anonymous" : Repr.of(definition.name());
    }

    @Override
    public Object call(Rendering rendering, Arguments arguments) {
        return run(rendering, arguments);
    }

    /** What the macro writes. */
    String run(Rendering rendering, Arguments arguments) {
        Frame own = definition.body().open(scope);
        Map<String, Object> keywords = new LinkedHashMap<>(arguments.keywords());
        List<Object> extra = bindParameters(own, arguments.positional(), keywords);
        if (definition.uses(MacroDefinition.CALLER)) {
            Object caller = keywords.remove(MacroDefinition.CALLER);
            own.set(MacroDefinition.CALLER, caller == null ? new Undefined("no caller is defined") : caller);
        }
        bindExtra(own, extra, keywords);
        setDefaults(own);
        Sink sink = new Sink(rendering.budget());
        definition.body().run(own, sink);
        return sink.text();
    }

    /** Fills the parameters, takes the keywords used, and gives the positional arguments left over. */
    private List<Object> bindParameters(Frame own, List<Object> positional, Map<String, Object> keywords) {
        List<String> parameters = definition.parameters();
        int given = Math.min(parameters.size(), positional.size());
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i);
            Object value = i < given ? positional.get(i) : keywords.remove(name);
            if (value != null) {
                own.set(name, value);
            }
        }
        return positional.subList(given, positional.size());
    }

    private void bindExtra(Frame own, List<Object> extra, Map<String, Object> keywords) {
        if (definition.uses(MacroDefinition.KWARGS)) {
            own.set(MacroDefinition.KWARGS, PyDict.of(keywords));
        } else if (!keywords.isEmpty()) {
            String first = keywords.keySet().iterator().next();
            throw new EvaluationError("macro " + label() + " takes no argument '" + first + "'");
        }
        if (definition.uses(MacroDefinition.VARARGS)) {
            own.set(MacroDefinition.VARARGS, new PyTuple(extra));
        } else if (!extra.isEmpty()) {
            throw new EvaluationError("macro " + label() + " takes at most "
                    + definition.parameters().size() + " argument(s), got "
                    + (definition.parameters().size() + extra.size()));
        }
    }

    private void setDefaults(Frame own) {
        for (int i = 0; i < definition.parameters().size(); i++) {
            String name = definition.parameters().get(i);
            if (!own.isSet(name)) {
                Expr fallback = definition.defaultOf(i);
                Object value = fallback == null
                        ? new Undefined("parameter '" + name + "' was not provided")
                        : fallback.eval(own);
                own.set(name, value);
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
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "name" -> definition.name().isEmpty() ? None.NONE : definition.name();
            case "arguments" -> new PyTuple(List.copyOf(definition.parameters()));
            case "catch_kwargs" -> definition.uses(MacroDefinition.KWARGS);
            case "catch_varargs" -> definition.uses(MacroDefinition.VARARGS);
            case "caller" -> definition.special().contains(MacroDefinition.CALLER);
            default -> null;
        };
    }
}
