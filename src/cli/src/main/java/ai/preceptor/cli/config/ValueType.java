package ai.preceptor.cli.config;

import ai.preceptor.cli.yaml.Origin;
import ai.preceptor.cli.yaml.Raw;
import java.util.List;
import java.util.Map;

/** How values of one type are read, printed and described. */
interface ValueType {
    /** Any text, in JSON Schema's keywords. */
    Map<String, Object> TEXT = Map.of("type", "string");

    /** What is legal, as said after "expected". */
    String expected();

    /** The same for help and reference, where nothing was refused. */
    default String legal() {
        return expected();
    }

    /**
     * @return the value
     * @throws Mismatch when {@code raw} is not legal
     */
    Object read(Raw raw) throws Mismatch;

    /** This kind, knowing what the other keys of its section say, where that matters. */
    default ValueType beside(Raw.Mapping section) {
        return this;
    }

    /** Stands in for a value that was refused, so that the other keys can still be checked. Always of the right class. */
    Object placeholder();

    /** What is legal, in JSON Schema's keywords; text unless the kind says otherwise. */
    default Map<String, Object> jsonSchema() {
        return TEXT;
    }

    /** The words that it takes; empty when there are too many to name. */
    default List<String> choices() {
        return List.of();
    }

    /** Said by {@link #read}: what is wrong, complete with what was found, a line for each thing. */
    final class Mismatch extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Raw found;

        /** @param found the offending part, which may be one element of a list */
        Mismatch(String told, Raw found) {
            super(told, null, false, false);
            this.found = found;
        }

        static Mismatch of(ValueType type, Raw found) {
            return new Mismatch("expected " + type.expected() + ", found " + found.shown(), found);
        }

        String told() {
            return String.valueOf(getMessage());
        }

        Origin origin() {
            return found.origin();
        }
    }
}
