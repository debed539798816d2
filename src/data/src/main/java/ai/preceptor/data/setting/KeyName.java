package ai.preceptor.data.setting;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The name by which a record's component is written, {@code learningRate} is {@code learning_rate}, and an enum's constant:
 * its own in lower case, if it is no {@link NamedChoice}.
 */
public final class KeyName {
    private KeyName() {}

    /** The name of a component, in snake_case. */
    public static String of(RecordComponent component) {
        return of(component.getName());
    }

    /** The name of a constant. */
    public static String of(Enum<?> constant) {
        return constant instanceof NamedChoice named
                ? named.choiceName()
                : constant.name().toLowerCase(Locale.ROOT);
    }

    /** A value as a configuration has it: constants by their names, alone or in a list; {@code none} for null. */
    public static String shown(@Nullable Object value) {
        if (value instanceof Enum<?> constant) {
            return of(constant);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(KeyName::shown).collect(Collectors.joining(", ", "[", "]"));
        }
        return value == null ? "none" : value.toString();
    }

    static String of(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
