package ai.preceptor.cli.config;

import java.util.ArrayList;
import java.util.List;

/** The keys of a configuration record explained for a terminal: default, what is legal, one line of meaning. */
public final class KeyHelp {
    private static final int WIDTH = 100;
    private static final String INDENT = "      ";

    private final Schema schema;

    /** @param type a record that {@link Settings} can read */
    public KeyHelp(Class<? extends Record> type) {
        schema = Schema.of(type);
    }

    /** Lines of at most 100 characters, unless one word is longer. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        describe(schema, "", lines);
        return lines;
    }

    private static void describe(Schema schema, String prefix, List<String> lines) {
        for (Schema.Entry entry : schema.entries()) {
            if (entry instanceof Schema.KeyEntry key) {
                describe(key, prefix, lines);
            } else if (entry instanceof Schema.GroupEntry group) {
                heading(group.title(), lines);
                describe(group.schema(), prefix, lines);
            } else if (entry instanceof Schema.SectionEntry section) {
                String path = prefix + section.name();
                heading(path + ": " + section.help() + (section.nullable() ? " (left out: not done)" : ""), lines);
                describe(section.schema(), path + ".", lines);
            }
        }
    }

    private static void heading(String title, List<String> lines) {
        lines.add("");
        lines.add(title);
    }

    private static void describe(Schema.KeyEntry key, String prefix, List<String> lines) {
        String standard = key.standard().isEmpty() ? (key.nullable() ? "none" : "(required)") : key.standard();
        lines.add("  " + prefix + key.name() + "=" + standard);
        wrap(key.key().help() + "; " + key.type().expected(), lines);
    }

    private static void wrap(String text, List<String> lines) {
        StringBuilder line = new StringBuilder(INDENT);
        for (String word : text.split(" ")) {
            if (line.length() > INDENT.length() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(INDENT);
            }
            line.append(line.length() > INDENT.length() ? " " : "").append(word);
        }
        lines.add(line.toString());
    }
}
