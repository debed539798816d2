package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.Namespace;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyObject;
import ai.preceptor.jinja.value.PyRange;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Repr;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions every template can call. */
public final class Globals {
    private static final Signature RAISE = Signature.of("raise_exception", "message");
    private static final Signature STRFTIME = Signature.of("strftime_now", "format");
    private static final Signature JOINER = Signature.of("joiner", "sep?");

    /** A field of two chars takes about a microsecond. */
    private static final int STEPS_PER_DATE_CHAR = 8;

    /** By name. */
    public static final Map<String, Object> ALL = Map.of(
            "range", (PyCallable) (rendering, arguments) -> PyRange.of(positional("range", arguments)),
            "dict", new DictType(),
            "namespace", (PyCallable) Globals::namespace,
            "cycler", (PyCallable) (rendering, arguments) -> new Cycler(positional("cycler", arguments)),
            "joiner",
                    (PyCallable) (rendering, arguments) ->
                            new Joiner(rendering.str(JOINER.bind(arguments).at(0, ", "))),
            "raise_exception", (PyCallable) Globals::raise,
            "strftime_now", (PyCallable) Globals::now);

    private Globals() {}

    private static Object now(Rendering rendering, Arguments arguments) {
        String format = STRFTIME.bind(arguments).text(0);
        rendering.budget().spend((long) format.length() * STEPS_PER_DATE_CHAR);
        return Strftime.format(format, rendering.clock());
    }

    private static List<Object> positional(String function, Arguments arguments) {
        if (!arguments.keywords().isEmpty()) {
            throw new EvaluationError(function + " takes no named arguments");
        }
        return arguments.positional();
    }

    private static Object raise(Rendering rendering, Arguments arguments) {
        throw new EvaluationError(rendering.str(RAISE.bind(arguments).at(0)));
    }

    private static Object namespace(Rendering rendering, Arguments arguments) {
        Namespace namespace = new Namespace();
        for (PyDict.Entry e : dict("namespace", rendering, arguments).entries()) {
            if (!(e.key() instanceof String name)) {
                throw new EvaluationError("a namespace needs texts as names, got " + Repr.brief(e.key()));
            }
            namespace.put(name, e.value());
        }
        return namespace;
    }

    private static PyDict dict(String function, Rendering rendering, Arguments arguments) {
        if (arguments.positional().size() > 1) {
            throw new EvaluationError(function + " takes at most 1 argument, got "
                    + arguments.positional().size());
        }
        PyDict dict = new PyDict();
        for (Object source : arguments.positional()) {
            if (source instanceof PyDict other) {
                dict.putAll(other, rendering.budget());
                continue;
            }
            for (Object pair : Iteration.list(source, rendering.budget())) {
                List<Object> parts = Iteration.list(pair, rendering.budget());
                if (parts.size() != 2) {
                    throw new EvaluationError(function + " needs pairs, got " + parts.size() + " value(s)");
                }
                dict.put(parts.get(0), parts.get(1), rendering.budget());
            }
        }
        arguments.keywords().forEach((name, value) -> dict.put(name, value, rendering.budget()));
        return dict;
    }

    /** A dict of these keys, all with one value. */
    static PyDict fromKeys(Rendering rendering, Bound arguments) {
        PyDict dict = new PyDict();
        Iteration.list(arguments.at(0), rendering.budget())
                .forEach(key -> dict.put(key, arguments.at(1), rendering.budget()));
        return dict;
    }

    /** {@code dict}: makes dicts. */
    private static final class DictType implements PyCallable {
        private static final Signature FROMKEYS = Signature.of("fromkeys", "keys", "value?");

        @Override
        public Object call(Rendering rendering, Arguments arguments) {
            return dict("dict", rendering, arguments);
        }

        @Override
        public String typeName() {
            return "type";
        }

        @Override
        public @Nullable Object attribute(String name) {
            return name.equals("fromkeys")
                    ? (PyCallable) (rendering, arguments) -> fromKeys(rendering, FROMKEYS.bind(arguments))
                    : null;
        }
    }

    /** {@code cycler(a, b)}: one value after the other, round and round. */
    private static final class Cycler implements PyObject {
        private final List<Object> values;
        private int pos;

        Cycler(List<Object> values) {
            if (values.isEmpty()) {
                throw new EvaluationError("cycler needs at least one value");
            }
            this.values = values;
        }

        private Object advance() {
            Object value = values.get(pos);
            pos = (pos + 1) % values.size();
            return value;
        }

        private Object reset() {
            pos = 0;
            return None.NONE;
        }

        @Override
        public String typeName() {
            return "Cycler";
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "current" -> values.get(pos);
                case "pos" -> (long) pos;
                case "items" -> new PyTuple(values);
                case "next" -> (PyCallable) (rendering, arguments) -> advance();
                case "reset" -> (PyCallable) (rendering, arguments) -> reset();
                default -> null;
            };
        }
    }

    /** {@code joiner(sep)}: nothing the first time it is called, the separator ever after. */
    private static final class Joiner implements PyCallable {
        private final String separator;
        private boolean used;

        Joiner(String separator) {
            this.separator = separator;
        }

        @Override
        public Object call(Rendering rendering, Arguments arguments) {
            boolean first = !used;
            used = true;
            return first ? "" : separator;
        }

        @Override
        public String typeName() {
            return "Joiner";
        }

        @Override
        public @Nullable Object attribute(String name) {
            return name.equals("sep") ? separator : null;
        }
    }
}
