package ai.preceptor.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Deep unmodifiable copies of JSON-like values, which may hold nulls and keep their key order. */
final class JsonValues {
    private JsonValues() {}

    /** A deep, unmodifiable copy in the same order. */
    static Map<String, @Nullable Object> freeze(Map<?, ? extends @Nullable Object> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), freezeValue(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object freezeValue(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return freeze(map);
        }
        if (value instanceof Collection<?> items) {
            ArrayList<@Nullable Object> copy = new ArrayList<>(items.size());
            items.forEach(item -> copy.add(freezeValue(item)));
            return Collections.unmodifiableList(copy);
        }
        return value;
    }
}
