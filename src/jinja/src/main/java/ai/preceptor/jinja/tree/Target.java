package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.Namespace;
import ai.preceptor.jinja.value.Types;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** What stands on the left of an assignment. */
public interface Target {
    /** Names take the value in the scope of the frame. */
    void assign(Frame frame, Object value);

    /** Names the variables that are assigned and those that are read, in their order. */
    void visit(Consumer<String> assigned, Consumer<String> read);

    /** The names that are assigned. */
    default List<String> names() {
        List<String> names = new ArrayList<>();
        visit(names::add, name -> {});
        return names;
    }

    /** Declares the names as assigned in the scope. */
    default void declare(Symbols symbols) {
        visit(symbols::store, symbols::load);
    }

    /** Declares the names as given to the scope rather than assigned in it. */
    default void declareParameters(Symbols symbols) {
        visit(symbols::parameter, symbols::load);
    }

    /** {@code name}. */
    record Name(String name) implements Target {
        @Override
        public void assign(Frame frame, Object value) {
            frame.set(name, value);
        }

        @Override
        public void visit(Consumer<String> assigned, Consumer<String> read) {
            assigned.accept(name);
        }
    }

    /** {@code namespace.attribute}. */
    record NamespaceAttribute(String name, String attribute) implements Target {
        @Override
        public void assign(Frame frame, Object value) {
            if (!(frame.get(name) instanceof Namespace namespace)) {
                throw new EvaluationError("only attributes of a namespace can be set; '" + name + "' is of type "
                        + Types.name(frame.get(name)));
            }
            namespace.put(attribute, value);
        }

        @Override
        public void visit(Consumer<String> assigned, Consumer<String> read) {
            read.accept(name);
        }
    }

    /** {@code a, b}. */
    record Several(List<Target> parts) implements Target {
        @Override
        public void assign(Frame frame, Object value) {
            Iterator<Object> values = Iteration.over(value);
            List<Object> taken = new ArrayList<>();
            while (values.hasNext() && taken.size() <= parts.size()) {
                taken.add(values.next());
            }
            if (taken.size() != parts.size()) {
                throw new EvaluationError("needs " + parts.size() + " values to unpack, got "
                        + (taken.size() > parts.size() ? "more" : String.valueOf(taken.size())));
            }
            for (int i = 0; i < taken.size(); i++) {
                parts.get(i).assign(frame, taken.get(i));
            }
        }

        @Override
        public void visit(Consumer<String> assigned, Consumer<String> read) {
            parts.forEach(part -> part.visit(assigned, read));
        }
    }
}
