package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.ToldValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Refuses keys that other keys leave without effect, so that none is ignored. A key with its default is not refused. In a recipe
 * those others are read as they are written; what is no legal value is refused when it is read as one.
 */
public final class UnusedKeys {
    private static final String ZERO = "0(\\.0*)?";

    private UnusedKeys() {}

    /**
     * The constant that is written for a key.
     *
     * @param usual where none is
     * @param texts what is written; empty if nothing is
     */
    public static <E extends Enum<E>> E written(E usual, List<String> texts) {
        for (E constant : usual.getDeclaringClass().getEnumConstants()) {
            if (texts.equals(List.of(KeyName.of(constant)))) {
                return constant;
            }
        }
        return usual;
    }

    /** All constants that are written for a key, in their own order; {@code usual} if nothing is written. */
    public static <E extends Enum<E>> List<E> allWritten(E usual, List<String> texts) {
        return texts.isEmpty()
                ? List.of(usual)
                : Arrays.stream(usual.getDeclaringClass().getEnumConstants())
                        .filter(constant -> texts.contains(KeyName.of(constant)))
                        .toList();
    }

    /** Whether a number other than 0 is written for a key. */
    public static boolean isAboveZero(List<String> texts) {
        return texts.size() == 1 && !texts.get(0).matches(ZERO);
    }

    /**
     * Refuses those of a group.
     *
     * @param unused names of keys, of the group or others, each with what it has an effect with, such as {@code
     *     kind=corrections}
     */
    public static void refuse(Record group, Map<String, String> unused, Checks checks) {
        DefaultSettings.changed(group).forEach((key, value) -> refuse(key, value, unused, checks));
    }

    /** Refuses one with a value. */
    public static void refuse(String key, Object value, Map<String, String> unused, Checks checks) {
        String needed = unused.get(key);
        if (needed != null) {
            checks.refuse(key, "expected nothing without " + needed + ", found " + ToldValue.of(key, value));
        }
    }
}
