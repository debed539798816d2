package ai.preceptor.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The keys of a configuration record as a YAML file to fill in: each with its meaning, what is legal, and its default. A line
 * of prose begins with {@code "# "}; a default begins with {@code #} alone and holds once that is removed.
 *
 * @param type a record that {@link Settings} can read
 * @param examples values of keys that a configuration needs, which are written without {@code #}
 */
public record YamlTemplate(Class<? extends Record> type, Map<String, String> examples) {
    private static final int WIDTH = 100;
    private static final List<String> OBVIOUS = List.of("text", "true or false");

    /** Copies the map. */
    public YamlTemplate {
        examples = Map.copyOf(examples);
    }

    /** Its lines. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        collect(Schema.of(type), "", lines);
        return lines;
    }

    private void collect(Schema schema, String indent, List<String> lines) {
        for (Schema.Entry entry : schema.entries()) {
            if (entry instanceof Schema.KeyEntry key) {
                key(key, indent, lines);
            } else if (entry instanceof Schema.GroupEntry group) {
                lines.addAll(List.of("", "# ---- " + group.title()));
                collect(group.schema(), indent, lines);
            } else if (entry instanceof Schema.SectionEntry section) {
                lines.add("");
                prose(section.help(), indent, lines);
                lines.add("#" + indent + section.name() + ":");
                collect(section.schema(), indent + "  ", lines);
            }
        }
    }

    private void key(Schema.KeyEntry key, String indent, List<String> lines) {
        String needed = indent.isEmpty() ? examples.get(key.name()) : null;
        lines.add("");
        prose(key.helpText(), indent, lines);
        String expected = key.type().legal();
        if (!OBVIOUS.contains(expected)) {
            prose("legal: " + expected, indent, lines);
        }
        if (!key.conditional().isEmpty()) {
            String shown = key.conditional().stream().map(DefaultIf::shown).collect(Collectors.joining(", "));
            prose("default with " + shown, indent, lines);
        }
        if (needed == null) {
            lines.add(("#" + indent + key.name() + ": " + key.defaultValue()).stripTrailing());
        } else {
            lines.add(key.name() + ": " + needed);
        }
    }

    private static void prose(String text, String indent, List<String> lines) {
        StringBuilder line = new StringBuilder("# " + indent);
        int begun = line.length();
        for (String word : text.split(" ")) {
            if (line.length() > begun && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder("# " + indent);
            }
            line.append(line.length() > begun ? " " : "").append(word);
        }
        lines.add(line.toString());
    }
}
