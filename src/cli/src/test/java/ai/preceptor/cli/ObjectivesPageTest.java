package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The keys that the page of objectives names are keys that a command has. */
class ObjectivesPageTest {
    private static final Set<String> COMMANDS = Set.of("sft", "distill", "reward", "rank", "policy", "elicit", "eval");
    private static final Set<String> COLUMNS_OF_ROWS = Set.of("margin", "chosen_probability");
    private static final Pattern CODE = Pattern.compile("`([a-z_]+)[^`]*`");
    private static final Pattern KEY_IN_HELP = Pattern.compile("(?m)^ +([a-z][a-z0-9_]*)\\b");
    private static final int KEY_COLUMN = 3;

    @Test
    void everyKeyOfTheTable_isAKeyOfACommand() throws IOException {
        Set<String> known = COMMANDS.stream()
                .map(command -> CommandRun.of("help", command).out())
                .flatMap(help -> words(KEY_IN_HELP, help))
                .collect(Collectors.toSet());
        List<String> unknown = new ArrayList<>();
        int named = 0;
        for (String row : rows()) {
            // What stands in parentheses is another program's name for it.
            String keys = row.split("\\|")[KEY_COLUMN + 1].replaceAll("\\([^)]*\\)", "");
            for (String key : words(CODE, keys).toList()) {
                named++;
                if (!known.contains(key) && !COMMANDS.contains(key) && !COLUMNS_OF_ROWS.contains(key)) {
                    unknown.add(key + " in: " + row);
                }
            }
        }
        assertThat(named).isGreaterThan(100);
        assertThat(unknown).isEmpty();
    }

    private static List<String> rows() throws IOException {
        Path page = ProjectRoot.find().resolve("docs/objectives.md");
        List<String> table = Files.readAllLines(page).stream()
                .dropWhile(line -> !line.startsWith("| method |"))
                .takeWhile(line -> line.startsWith("| "))
                .toList();
        return table.subList(2, table.size());
    }

    private static Stream<String> words(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1));
    }
}
