package ai.preceptor.cli.config;

import java.util.ArrayList;
import java.util.List;

/** The keys of a configuration record explained for a terminal: default, what is legal, one line of meaning. */
public final class KeyHelp {
    private static final int WIDTH = 100;
    private static final String INDENT = "      ";

    private final List<KeyRow> rows;

    /** @param type a record that {@link Settings} can read */
    public KeyHelp(Class<? extends Record> type) {
        rows = KeyRow.of(type);
    }

    /** Lines of at most 100 characters, unless one word is longer. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        String heading = "";
        for (KeyRow row : rows) {
            if (!row.heading().equals(heading)) {
                heading = row.heading();
                lines.add("");
                lines.add(heading);
            }
            lines.add("  " + row.path() + "=" + row.defaultValue());
            String byDefault = row.defaultText().isEmpty() ? "" : "; default: " + row.defaultText();
            wrap(row.help() + byDefault + "; " + row.expected(), lines);
        }
        return lines;
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
