package ai.preceptor.cli.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A value as it was written, not yet converted to its type. Scalars keep their text, so that the key's own type decides
 * what it means and YAML 1.1's guesses ({@code 012} is 10, {@code yes} is true) never happen.
 */
public sealed interface Raw {
    Origin origin();

    /** The value as an error message quotes it. */
    String shown();

    /** The value as it would be written in YAML; of a section only its keys. */
    default String source() {
        return shown();
    }

    /** @param quoted whether it was written in quotes, which always makes it text */
    record Scalar(String text, boolean quoted, Origin origin) implements Raw {
        private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
        private static final Pattern NUMBER =
                Pattern.compile("[-+]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

        @Override
        public String source() {
            return quoted ? '"' + text.replace("\"", "\\\"") + '"' : text;
        }

        public boolean isNull() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }

        public boolean isInteger() {
            return !quoted && INTEGER.matcher(text).matches();
        }

        public boolean isNumber() {
            return !quoted && NUMBER.matcher(text).matches();
        }

        @Override
        public String shown() {
            if (isNull()) {
                return "nothing";
            }
            return isNumber() ? text : "\"" + text + "\"";
        }
    }

    record Sequence(List<Raw> items, Origin origin) implements Raw {
        @Override
        public String shown() {
            return "a list of " + items.size();
        }

        @Override
        public String source() {
            return items.stream().map(Raw::source).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /** Keys in the order written. */
    record Mapping(Map<String, Field> fields, Origin origin) implements Raw {
        public static Mapping empty(Origin origin) {
            return new Mapping(new LinkedHashMap<>(), origin);
        }

        @Override
        public String shown() {
            return "a section with keys " + String.join(", ", fields.keySet());
        }

        @Override
        public String source() {
            return "{" + String.join(", ", fields.keySet()) + "}";
        }

        /** This mapping with {@code over} laid on top; sections merge key by key. */
        public Mapping overlaid(Mapping over) {
            Map<String, Field> merged = new LinkedHashMap<>(fields);
            over.fields.forEach((key, field) -> merged.merge(key, field, Mapping::overlay));
            return new Mapping(merged, origin);
        }

        private static Field overlay(Field below, Field above) {
            if (below.value instanceof Mapping base && above.value instanceof Mapping top) {
                return new Field(below.keyOrigin, base.overlaid(top));
            }
            return above;
        }
    }

    /**
     * A path that a {@link References} found in what was written.
     *
     * @param place what it stands for
     */
    record Referred(References.Place place, Scalar written) implements Raw {
        @Override
        public Origin origin() {
            return written.origin();
        }

        @Override
        public String shown() {
            return written.shown();
        }
    }

    /** @param keyOrigin where the key itself stands, which is where an unknown key is reported */
    record Field(Origin keyOrigin, Raw value) {}
}
