package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.config.KeyRow;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The commands in the pages' blocks are commands that a shell and the program can take. */
class DocCommandsTest {
    private static final Path ROOT = ProjectRoot.find();
    private static final Pattern BLOCK_LINE = Pattern.compile("(?m)^ *(?:\\$ )?(?:[A-Z_]+=\\S+ )*\\./preceptor (.*)$");
    private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\\S)+");
    private static final Pattern KEY = Pattern.compile("(?:--)?([a-z][a-zA-Z0-9_.-]*)=.*");
    private static final Set<String> NO_COMMANDS = Set.of("help", "version", "completion", "COMMAND", "--version");

    private final Commands commands = Commands.standard();

    /** @param words without a comment, quotes removed; one that is quoted may have spaces */
    private record Line(Path page, String text, List<String> words) {
        String command() {
            return words.get(0).equals("doctor")
                            && words.size() > 1
                            && words.get(1).equals("plan")
                    ? "plan"
                    : words.get(0);
        }

        @Override
        public String toString() {
            return ROOT.relativize(page) + ": ./preceptor " + text;
        }
    }

    @Test
    void lists_areOneWordOfTheShell() throws IOException {
        assertThat(lines())
                .hasSizeGreaterThan(80)
                .allSatisfy(line -> assertThat(line.words())
                        .as(line.toString())
                        .allMatch(word -> !word.contains("=[") || count(word, '[') == count(word, ']')));
    }

    @Test
    void recipes_areGivenToRunAlone() throws IOException {
        List<Line> withFile = new ArrayList<>();
        for (Line line : lines()) {
            Optional<Path> file = line.words().stream()
                    .filter(word -> word.endsWith(".yaml"))
                    .map(ROOT::resolve)
                    .filter(Files::isRegularFile)
                    .findFirst();
            if (file.isPresent() && !line.command().equals("plan")) {
                withFile.add(line);
                boolean recipe = Files.readAllLines(file.get()).stream().anyMatch(text -> text.startsWith("stages:"));
                assertThat(line.command().equals("run")).as(line.toString()).isEqualTo(recipe);
            }
        }
        assertThat(withFile).hasSizeGreaterThan(10);
    }

    @Test
    void keys_areKeysOfTheCommand() throws IOException {
        int keys = 0;
        for (Line line : lines()) {
            if (NO_COMMANDS.contains(line.command()) || line.command().equals("run")) {
                continue;
            }
            Set<String> known = KeyRow.of(commands.named(line.command()).keys()).stream()
                    .map(KeyRow::path)
                    .collect(Collectors.toSet());
            for (String key : keys(line)) {
                keys++;
                assertThat(known).as(line.toString()).contains(key);
            }
        }
        assertThat(keys).isGreaterThan(150);
    }

    /** What "Coming from TRL" shows is what the program says. */
    @Test
    void problemsOfTrlsNames_areThoseOfThePage() throws IOException {
        List<String> page = Files.readAllLines(ROOT.resolve("docs/coming-from-trl.md"));
        int start = page.indexOf("```");
        List<String> block = page.subList(start + 1, page.size()).stream()
                .takeWhile(line -> !line.equals("```"))
                .toList();
        String command = block.get(0).replace("$ ./preceptor ", "");
        CommandRun run = CommandRun.exactly(command.split(" "));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        List<String> told = run.err().lines().toList();
        assertThat(told).hasSameSizeAs(block.subList(1, block.size()));
        for (int i = 0; i < told.size(); i++) {
            String shown = block.get(i + 1);
            assertThat(told.get(i)).matches(Pattern.quote(shown).replace("(...)", "\\E\\(.*\\)\\Q"));
        }
    }

    private static List<String> keys(Line line) {
        return line.words().stream()
                .flatMap(word -> KEY.matcher(word).results())
                .map(found -> found.group(1))
                .toList();
    }

    private static long count(String word, char one) {
        return word.chars().filter(other -> other == one).count();
    }

    private static List<Line> lines() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        List<Line> lines = new ArrayList<>();
        for (Path page : pages) {
            String text = Files.readString(page).replaceAll("\\\\\\n\\s*", "");
            BLOCK_LINE.matcher(text).results().map(found -> line(page, found)).forEach(lines::add);
        }
        return lines;
    }

    private static Line line(Path page, MatchResult found) {
        String text = found.group(1).replaceFirst("(^|\\s)[#>&|].*", "").strip();
        List<String> words = WORD.matcher(text)
                .results()
                .map(word -> word.group().replace("'", ""))
                .toList();
        if (words.isEmpty()) {
            throw new ConfigurationException(page + ": no command in " + found.group());
        }
        return new Line(page, text, words);
    }
}
