package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.Namespace;
import ai.preceptor.jinja.value.Types;
import java.util.Iterator;
import java.util.List;

/** What stands on the left of an assignment. */
public interface Target extends Declaring {
    /** Names take the value in the scope of the frame. */
    void assign(Frame frame, Object value);

    /** The names that are assigned. */
    List<String> names();

    /** Declares the names as given to the scope rather than assigned in it. */
    void declareParameters(Symbols symbols);

    /** {@code name}. */
    record Name(String name) implements Target {
        @Override
        public List<String> names() {
            return List.of(name);
        }

        @Override
        public void assign(Frame frame, Object value) {
            frame.set(name, value);
        }

        @Override
        public void declare(Symbols symbols) {
            symbols.store(name);
        }

        @Override
        public void declareParameters(Symbols symbols) {
            symbols.parameter(name);
        }
    }

    /** {@code namespace.attribute}. */
    record NamespaceAttribute(String name, String attribute) implements Target {
        @Override
        public List<String> names() {
            return List.of();
        }

        @Override
        public void assign(Frame frame, Object value) {
            if (!(frame.get(name) instanceof Namespace namespace)) {
                throw new EvaluationError("only attributes of a namespace can be set; '" + name + "' is of type "
                        + Types.name(frame.get(name)));
            }
            namespace.put(attribute, value);
        }

        @Override
        public void declare(Symbols symbols) {
            symbols.load(name);
        }

        @Override
        public void declareParameters(Symbols symbols) {
            declare(symbols);
        }
    }

    /** {@code a, b}. */
    record Several(List<Target> parts) implements Target {
        @Override
        public List<String> names() {
            return parts.stream().flatMap(part -> part.names().stream()).toList();
        }

        @Override
        public void assign(Frame frame, Object value) {
            Iterator<Object> values = Iteration.over(value);
            Object[] taken = new Object[parts.size()];
            int count = 0;
            while (values.hasNext() && count <= parts.size()) {
                Object next = values.next();
                if (count < taken.length) {
                    taken[count] = next;
                }
                count++;
            }
            if (count != parts.size()) {
                throw new EvaluationError("needs " + parts.size() + " values to unpack, got "
                        + (count > parts.size() ? "more" : String.valueOf(count)));
            }
            for (int i = 0; i < count; i++) {
                parts.get(i).assign(frame, taken[i]);
            }
        }

        @Override
        public void declare(Symbols symbols) {
            parts.forEach(part -> part.declare(symbols));
        }

        @Override
        public void declareParameters(Symbols symbols) {
            parts.forEach(part -> part.declareParameters(symbols));
        }
    }
}
