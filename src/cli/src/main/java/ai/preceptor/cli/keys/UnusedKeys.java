package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.ToldValue;
import java.util.Map;

/** Refuses keys that other keys leave without effect, so that none is ignored. A key with its default is not refused. */
public final class UnusedKeys {
    private UnusedKeys() {}

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
