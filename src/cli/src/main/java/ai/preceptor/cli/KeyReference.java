package ai.preceptor.cli;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.config.KeyRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Every key of every command as a page of Markdown, {@code docs/keys.md}. */
final class KeyReference {
    /** Writes the page. */
    static final String WRITTEN_BY = "./preceptor help --markdown > docs/keys.md";

    private final List<Command<?>> commands;

    KeyReference(List<Command<?>> commands) {
        this.commands = List.copyOf(commands);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(
                "# Keys",
                "",
                "Every key of every command, with its default and what is legal. `./preceptor help COMMAND` shows the same in a",
                "terminal, and `./preceptor help --json-schema COMMAND` prints it for editors. A dot goes into a section. A list is",
                "`[a, b]` in a file and `[a,b]` on a command line, where some shells, zsh for one, need quotes: `'key=[a,b]'`.",
                "",
                "This page is generated: `" + WRITTEN_BY + "`."));
        for (Command<?> command : commands) {
            lines.addAll(List.of("", "## " + command.name(), "", sentence(command.summary())));
            table(KeyRow.of(command.keys()), lines);
        }
        return lines;
    }

    private static void table(List<KeyRow> rows, List<String> lines) {
        String heading = null;
        for (KeyRow row : rows) {
            if (!row.heading().equals(heading)) {
                heading = row.heading();
                if (!heading.isEmpty()) {
                    lines.addAll(List.of("", "### " + heading));
                }
                lines.addAll(List.of("", "| key | default | legal | meaning |", "| --- | --- | --- | --- |"));
            }
            lines.add(String.format(
                    Locale.ROOT,
                    "| `%s` | %s | %s | %s |",
                    row.path(),
                    byDefault(row),
                    cell(row.expected()),
                    cell(row.help())));
        }
    }

    private static String byDefault(KeyRow row) {
        if (row.defaultValue().isEmpty()) {
            return cell(row.defaultText());
        }
        return row.defaultValue().equals("(required)") ? "required" : "`" + row.defaultValue() + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("_", "\\_").replace("*", "\\*");
    }

    private static String sentence(String summary) {
        return Character.toUpperCase(summary.charAt(0)) + cell(summary.substring(1)) + ".";
    }
}
