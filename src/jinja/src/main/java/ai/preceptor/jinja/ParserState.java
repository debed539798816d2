package ai.preceptor.jinja;

import ai.preceptor.jinja.tree.MacroDefinition;
import ai.preceptor.jinja.tree.Target;
import ai.preceptor.jinja.value.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The state that both parsers share: nesting depth, and what the enclosing macros use. */
final class ParserState {
    private static final Set<String> SPECIAL =
            Set.of(MacroDefinition.CALLER, MacroDefinition.VARARGS, MacroDefinition.KWARGS);

    /** What an open macro uses of the special names, and which of them it or one inside it makes names of its own. */
    private record OpenMacro(Set<String> used, Set<String> bound) {}

    private final Set<String> names = new HashSet<>();
    private final Deque<OpenMacro> macros = new ArrayDeque<>();
    private int depth;
    private int operators;
    private int loops;
    private int insideFor;
    private final List<TemplateException> deferred = new ArrayList<>();
    private boolean lenient;

    /** Goes one level deeper; every call needs its {@link #leave()}. */
    void enter(int line) {
        if (++depth > Limits.NESTING) {
            throw new TemplateException("nests deeper than " + Limits.NESTING + " levels", line);
        }
    }

    void leave() {
        depth--;
    }

    /** A new tag begins. */
    void tag() {
        operators = 0;
    }

    /** One more operator, access or filter in this tag. */
    void operator(int line) {
        if (++operators > Limits.OPERATORS) {
            throw new TemplateException("a tag with more than " + Limits.OPERATORS + " operators", line);
        }
    }

    /** An expression of a statement begins. */
    void beginExpression() {
        names.clear();
    }

    /** The names that were read since. */
    Set<String> names() {
        return Set.copyOf(names);
    }

    /** A name is read. */
    void used(String name) {
        names.add(name);
        if (SPECIAL.contains(name)) {
            macros.stream()
                    .filter(m -> !m.bound().contains(name))
                    .forEach(m -> m.used().add(name));
        }
    }

    /** A name is assigned or a parameter: from here on the macros around do not mean the special one by it. */
    void bound(String name) {
        if (SPECIAL.contains(name)) {
            macros.forEach(m -> m.bound().add(name));
        }
    }

    void openMacro() {
        macros.push(new OpenMacro(new HashSet<>(), new HashSet<>()));
    }

    /** The special names that the body of the macro uses. */
    Set<String> closeMacro() {
        return Set.copyOf(macros.pop().used());
    }

    /** How many loops a jump could leave. */
    int loops() {
        return loops;
    }

    /**
     * Reads something under settings of its own.
     *
     * @param ownLoops how many loops a jump could leave
     * @param conditional whether it stands under a condition
     */
    <T> T within(int ownLoops, boolean conditional, Supplier<T> rule) {
        int outerLoops = loops;
        boolean outerLenient = lenient;
        loops = ownLoops;
        lenient = conditional;
        T found = rule.get();
        loops = outerLoops;
        lenient = outerLenient;
        return found;
    }

    /** What stands between is inside one more {@code for} tag or one less, its head and {@code else} included. */
    void insideFor(int more) {
        insideFor += more;
    }

    /** Jinja keeps {@code loop} for itself anywhere inside a {@code for}; it says so once the whole template is read. */
    void stores(Target target, int line) {
        if (insideFor > 0 && target.names().contains("loop")) {
            deferred.add(new TemplateException("cannot assign to 'loop' inside a for", line));
        }
    }

    /**
     * An unknown filter or test. As in Jinja it is an error at once, unless it stands under a condition: then only when
     * it is reached.
     */
    void unknown(TemplateException error) {
        if (!lenient) {
            deferred.add(error);
        }
    }

    /** How many such errors there are so far. */
    int deferred() {
        return deferred.size();
    }

    /** Drops the errors since there were that many: what held them turned out to be under a condition. */
    void forgive(int count) {
        deferred.subList(count, deferred.size()).clear();
    }

    void throwDeferred() {
        if (!deferred.isEmpty()) {
            throw deferred.get(0);
        }
    }
}
