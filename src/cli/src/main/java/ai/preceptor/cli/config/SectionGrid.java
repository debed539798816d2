package ai.preceptor.cli.config;

import ai.preceptor.cli.yaml.Raw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sections that differ in the values of some keys: {@code grid: {learning_rate: [1e-4, 1e-3], beta: [0.1, 0.5]}} stands for
 * four, one for each combination, in the order written with the last key changing fastest.
 */
public final class SectionGrid {
    /** The key of a section under which its values are listed. */
    public static final String KEY = "grid";

    private SectionGrid() {}

    /**
     * Replaces sections that have a grid by their combinations, named {@code NAME-VALUE}, or {@code NAME-VALUE-VALUE} with two keys.
     * In lists of other sections, {@code PREFIX:NAME} of such a section stands for all of them.
     *
     * @param prefix of references to sections, with its colon
     */
    public static List<OutlineSection> expanded(List<OutlineSection> sections, String prefix) {
        Map<String, List<String>> combinations = new LinkedHashMap<>();
        List<OutlineSection> all = new ArrayList<>();
        for (OutlineSection section : sections) {
            List<OutlineSection> own = combinations(section);
            if (section.names().contains(KEY)) {
                combinations.put(
                        prefix + section.name(),
                        own.stream().map(one -> prefix + one.name()).toList());
            }
            all.addAll(own);
        }
        return combinations.isEmpty()
                ? all
                : all.stream()
                        .map(section -> section.withItems(text -> combinations.getOrDefault(text, List.of(text))))
                        .toList();
    }

    private static List<OutlineSection> combinations(OutlineSection section) {
        if (!section.names().contains(KEY)) {
            return List.of(section);
        }
        Map<String, Raw.Field> grid = section.mapping(KEY);
        OutlineSection rest = section.without(List.of(KEY));
        List<OutlineSection> made = List.of(rest);
        for (Map.Entry<String, Raw.Field> entry : grid.entrySet()) {
            String key = entry.getKey();
            List<Raw.Scalar> values = values(section, key, entry.getValue().value());
            List<OutlineSection> next = new ArrayList<>();
            for (OutlineSection one : made) {
                for (Raw.Scalar value : values) {
                    next.add(one.with(key, entry.getValue(), value).named(one.name() + "-" + value.text()));
                }
            }
            made = next;
        }
        if (rest.names().stream().anyMatch(grid::containsKey)) {
            section.refuse(KEY, "expected keys that the stage does not set itself, found " + grid.keySet());
        }
        return made;
    }

    private static List<Raw.Scalar> values(OutlineSection section, String key, Raw written) {
        List<Raw.Scalar> values = new ArrayList<>();
        if (written instanceof Raw.Sequence list) {
            for (Raw item : list.items()) {
                if (item instanceof Raw.Scalar scalar) {
                    values.add(scalar);
                }
            }
            if (values.size() == list.items().size()
                    && values.stream().map(Raw.Scalar::text).distinct().count() == values.size()
                    && !values.isEmpty()) {
                return values;
            }
        }
        section.refuse(
                KEY, "expected under " + key + " a list of texts or numbers that differ, found " + written.source());
        return values;
    }
}
