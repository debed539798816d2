package ai.preceptor.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One key of a configuration record, as help and reference show it.
 *
 * @param heading of the group or section that it stands under; empty before the first
 * @param path full dotted name
 * @param defaultValue its default as written, {@code none}, or {@code (required)}; empty if it has one only in words
 * @param defaultText that in words; empty if there is a value
 * @param help what it means
 * @param expected what is legal
 * @param choices the words it takes, if it takes only some
 */
public record KeyRow(
        String heading,
        String path,
        String defaultValue,
        String defaultText,
        String help,
        String expected,
        List<String> choices) {
    /**
     * Every key, in order.
     *
     * @param type a record that {@link Settings} can read
     */
    public static List<KeyRow> of(Class<? extends Record> type) {
        List<KeyRow> rows = new ArrayList<>();
        collect(Schema.of(type), "", "", rows);
        return List.copyOf(rows);
    }

    /** A key after a group is under the heading before it again; where there is none, under the last. */
    private static String collect(Schema schema, String heading, String prefix, List<KeyRow> rows) {
        String last = heading;
        for (Schema.Entry entry : schema.entries()) {
            if (entry instanceof Schema.KeyEntry key) {
                rows.add(row(key, last, prefix));
            } else if (entry instanceof Schema.GroupEntry group) {
                last = after(heading, collect(group.schema(), group.title(), prefix, rows));
            } else if (entry instanceof Schema.SectionEntry section) {
                String path = prefix + section.name();
                String title = path + ": " + section.help() + (section.nullable() ? " (left out: not done)" : "");
                last = after(heading, collect(section.schema(), title, path + ".", rows));
            }
        }
        return last;
    }

    private static String after(String enclosing, String last) {
        return enclosing.isEmpty() ? last : enclosing;
    }

    private static KeyRow row(Schema.KeyEntry key, String heading, String prefix) {
        String defaultText = key.defaultText();
        String none = key.nullable() ? (defaultText.isEmpty() ? "none" : "") : "(required)";
        String defaultValue = key.defaultValue().isEmpty() ? none : key.defaultValue();
        String shown = key.conditional().isEmpty()
                ? defaultValue
                : defaultValue + " ("
                        + key.conditional().stream().map(DefaultIf::shown).collect(Collectors.joining(", ")) + ")";
        return new KeyRow(
                heading,
                prefix + key.name(),
                shown,
                defaultText,
                key.key().help(),
                key.type().legal(),
                key.type().choices());
    }
}
