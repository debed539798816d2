package ai.preceptor.jinja.builtin;

import java.util.List;
import java.util.Map;

/**
 * The values a call passes.
 *
 * @param positional by position
 * @param keywords by name, in the order written
 */
public record Arguments(List<Object> positional, Map<String, Object> keywords) {
    public static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** The arguments without the first positional one. */
    public Arguments rest() {
        return new Arguments(positional.subList(1, positional.size()), keywords);
    }
}
