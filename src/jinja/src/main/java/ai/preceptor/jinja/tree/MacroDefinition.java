package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Sink;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A macro as written.
 *
 * @param name its name; empty for the block of {@code {% call %}}
 * @param parameters the names of its parameters
 * @param defaults the values of the last parameters where they are left out
 * @param special which of {@code caller}, {@code varargs} and {@code kwargs} its body uses
 * @param body what it writes
 */
public record MacroDefinition(
        String name, List<String> parameters, List<Expr> defaults, Set<String> special, ScopedBody body)
        implements Statement {
    public static final String CALLER = "caller";
    public static final String VARARGS = "varargs";
    public static final String KWARGS = "kwargs";

    /** The macro with the scope it is written in. */
    Macro close(Frame frame) {
        return new Macro(this, frame);
    }

    /** The default of a parameter, or null if it has none. */
    @Nullable
    Expr defaultOf(int parameter) {
        int at = parameter - (parameters.size() - defaults.size());
        return at < 0 ? null : defaults.get(at);
    }

    /** Whether the body uses a special name that is not an ordinary parameter. */
    boolean uses(String specialName) {
        return special.contains(specialName) && !parameters.contains(specialName);
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
            parameters.forEach(own::parameter);
            special.forEach(own::parameter);
            defaults.forEach(value -> value.declare(own));
        });
    }
}
