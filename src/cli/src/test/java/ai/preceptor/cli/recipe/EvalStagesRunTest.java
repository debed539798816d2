package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes with two stages that evaluate. */
class EvalStagesRunTest {
    @TempDir
    Path directory;

    @Test
    void run_twoRules_showsTheMethodsOfBoth() throws IOException {
        CommandRun run = run(
                "words: {command: eval, model: [recipe:model], baseline: recipe:model, rule: distinct_words}",
                "short: {command: eval, model: [recipe:model], baseline: recipe:model, rule: brevity}");
        assertThat(run.out())
                .containsPattern("(?m)^words: start +")
                .containsPattern("(?m)^words: tiny-chat +")
                .containsPattern("(?m)^short: start +")
                .containsPattern("(?m)^short: tiny-chat +")
                .as("answers are the same in both")
                .contains("\n  start:\n")
                .doesNotContain("\n  words: start:\n")
                .containsOnlyOnce("Say number 0");
        JsonNode methods = summary().path("methods");
        assertThat(methods)
                .extracting(row -> row.path("method").asText())
                .containsExactly("words: start", "words: tiny-chat", "short: start", "short: tiny-chat");
        assertThat(methods.get(2).path("rule_score"))
                .isNotEqualTo(methods.get(0).path("rule_score"));
        assertThat(directory.resolve("out/report.html"))
                .content()
                .contains(">words: tiny-chat</td>", ">short: tiny-chat</td>", "eval: start, tiny-chat");
        CommandRun compared =
                CommandRun.exactly("compare", directory.resolve("out").toString());
        assertThat(compared.out())
                .containsPattern("(?m)^tiny-chat +words +1 ")
                .containsPattern("(?m)^tiny-chat +short +1 ");
    }

    @Test
    void run_twoModelsMeasuredAlike_areInOneTableWithOneStart() throws IOException {
        CommandRun run = run(
                "small: {command: eval, model: [recipe:model], baseline: recipe:model, rule: distinct_words}",
                "wide: {command: eval, model: ['" + Golden.dir("tiny-teacher")
                        + "'], baseline: recipe:model, rule: distinct_words}");
        assertThat(summary().path("methods"))
                .extracting(row -> row.path("method").asText())
                .containsExactly("start", "tiny-chat", "tiny-teacher");
        assertThat(run.out()).containsPattern("(?m)^tiny-teacher +").doesNotContain("small: ", "wide: ");
    }

    private CommandRun run(String... stages) throws IOException {
        Path rows = Files.writeString(
                directory.resolve("rows.jsonl"),
                IntStream.range(0, 6)
                        .mapToObj("{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number %d\"}]}"::formatted)
                        .collect(Collectors.joining("\n")));
        Path recipe = Files.writeString(directory.resolve("tiny.yaml"), """
                model: '%s'
                data: '%s'
                threads: 1
                max_new_tokens: 6
                stages:
                  %s
                """.formatted(
                        Golden.dir("tiny-chat"), rows, String.join("\n  ", stages)));
        CommandRun run = CommandRun.of("run", recipe.toString(), "output=" + directory.resolve("out"));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return run;
    }

    private JsonNode summary() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("out/summary.json").toFile());
    }
}
