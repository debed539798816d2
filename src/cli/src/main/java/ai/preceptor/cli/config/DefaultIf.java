package ai.preceptor.cli.config;

import ai.preceptor.cli.yaml.Origin;
import ai.preceptor.cli.yaml.Overrides;
import ai.preceptor.cli.yaml.Raw;
import org.jspecify.annotations.Nullable;

/**
 * A default that holds where another key of the same level has a value.
 *
 * @param key whose default it is
 * @param value the default, as written in YAML
 * @param other the other key
 * @param choice its value, one of some words
 */
record DefaultIf(String key, String value, String other, String choice) {
    private static final String IF = " if ";

    /** @param written {@code "key=value if other=choice"} */
    static DefaultIf of(String written) {
        String[] parts = written.split(IF, 2);
        if (parts.length != 2) {
            throw new IllegalArgumentException("expected key=value if other=choice, found " + written);
        }
        String[] then = parts[0].split("=", 2);
        String[] when = parts[1].split("=", 2);
        return new DefaultIf(then[0], then[1], when[0], when[1]);
    }

    /** Whether it holds in a section as it was written. */
    boolean holds(Raw.Mapping section) {
        Raw.@Nullable Field field = section.fields().get(other);
        return field != null
                && field.value() instanceof Raw.Scalar scalar
                && scalar.text().equalsIgnoreCase(choice);
    }

    /** The default before it has a type. */
    Raw raw() {
        return Overrides.value(value, Origin.of("default"));
    }

    /** As help shows it beside the usual default. */
    String shown() {
        return other + "=" + choice + ": " + value;
    }
}
