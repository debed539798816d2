package ai.preceptor.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code key=value} words of a benchmark's command line. */
final class Arguments {
    private final Map<String, String> values = new LinkedHashMap<>();

    Arguments(String[] words) {
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("argument \"" + word + "\": expected key=value");
            }
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
    }

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("missing " + key + "=");
        }
        return value;
    }

    String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    int number(String key, int otherwise) {
        return values.containsKey(key) ? Integer.parseInt(text(key)) : otherwise;
    }
}
