package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.ProjectRoot;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes with rounds on the embedded models, two short rounds each: that a round does what its paper says. */
class RoundPresetsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void iterativeDpo_ranksAnswersOfThePreviousStudent() throws IOException {
        Path run = run(
                "iterative-dpo",
                "teacher=embedded:teacher",
                "stages.dpo.max_steps=2",
                "stages.dpo.max_length=128",
                "stages.dpo.batch_size=4");
        assertBestAgainstWorst(run.resolve("round-1/sample"));
        assertBestAgainstWorst(run.resolve("round-2/sample"));
        assertThat(prompts(run.resolve("round-2/sample/ledger.jsonl")))
                .as("new prompts in each round")
                .isNotEmpty()
                .doesNotContainAnyElementsOf(prompts(run.resolve("round-1/sample/ledger.jsonl")));
        assertThat(key(run, "round-1/sample", "model")).endsWith("student");
        assertThat(key(run, "round-2/sample", "model")).isEqualTo(model(run, "round-1/dpo"));
        assertThat(key(run, "round-2/dpo", "model")).isEqualTo(model(run, "round-1/dpo"));
        assertThat(key(run, "round-2/dpo", "ref_model"))
                .as("the initial student")
                .isEqualTo(key(run, "round-1/dpo", "model"));
        assertMeasuredByRound(run);
    }

    @Test
    void cycleAlign_learnsTheWholeOrder() throws IOException {
        Path run = run(
                "cyclealign",
                "teacher=embedded:teacher",
                "stages.rank.max_steps=2",
                "stages.rank.max_length=128",
                "stages.rank.batch_size=4");
        for (JsonNode group : CommandRun.rows(run.resolve("round-2/sample/ranked.jsonl"))) {
            assertThat(group.path("responses").size())
                    .as("of four answers the different ones")
                    .isBetween(2, 4);
            assertThat(group.path("scores").size())
                    .isEqualTo(group.path("responses").size());
        }
        assertThat(key(run, "round-2/rank", "data")).endsWith("round-2/sample/ranked.jsonl");
        assertThat(key(run, "round-2/rank", "loss_type")).isEqualTo("rrhf");
        assertThat(key(run, "round-2/rank", "model")).isEqualTo(model(run, "round-1/rank"));
        assertThat(key(run, "round-2/sample", "model")).isEqualTo(model(run, "round-1/rank"));
        assertMeasuredByRound(run);
    }

    /** Of every pair both answers are the student's, and the teacher prefers the chosen one to all others. */
    private static void assertBestAgainstWorst(Path sample) throws IOException {
        Map<String, Map<String, Double>> scores = new HashMap<>();
        for (JsonNode row : CommandRun.rows(sample.resolve("ledger.jsonl"))) {
            Map<String, Double> answers = new HashMap<>();
            for (int i = 0; i < row.path("responses").size(); i++) {
                if (row.path("scores").path(i).isNumber()) { // blank answers have none
                    answers.put(
                            row.path("responses").path(i).asText(),
                            row.path("scores").path(i).doubleValue());
                }
            }
            scores.put(row.path("prompt").toString(), answers);
        }
        assertThat(CommandRun.rows(sample.resolve("preferences.jsonl")))
                .isNotEmpty()
                .allSatisfy(pair -> {
                    Map<String, Double> answers = scores.get(pair.path("prompt").toString());
                    assertThat(answers.get(answer(pair, "chosen")))
                            .isEqualTo(answers.values().stream()
                                    .mapToDouble(x -> x)
                                    .max()
                                    .orElseThrow());
                    assertThat(answers.get(answer(pair, "rejected")))
                            .isEqualTo(answers.values().stream()
                                    .mapToDouble(x -> x)
                                    .min()
                                    .orElseThrow());
                });
    }

    private static String answer(JsonNode pair, String side) {
        return pair.path(side).isTextual()
                ? pair.path(side).asText()
                : pair.path(side).path(0).path("content").asText();
    }

    private static Set<String> prompts(Path ledger) throws IOException {
        Set<String> prompts = new HashSet<>();
        CommandRun.rows(ledger).forEach(row -> prompts.add(row.path("prompt").toString()));
        return prompts;
    }

    private static void assertMeasuredByRound(Path run) throws IOException {
        JsonNode rounds = JSON.readTree(run.resolve("summary.json").toFile()).path("rounds");
        assertThat(rounds).extracting(round -> round.path("round").intValue()).containsExactly(1, 2);
        assertThat(rounds)
                .allSatisfy(round ->
                        assertThat(round.path("kl_to_reference").isNumber()).isTrue());
    }

    /** What a stage was run with. */
    private static String key(Path run, String stage, String key) throws IOException {
        JsonNode value = new YAMLMapper()
                .readTree(run.resolve(stage).resolve("config.yaml").toFile())
                .path(key);
        return (value.isArray() ? value.path(0) : value).asText();
    }

    private static String model(Path run, String stage) {
        return run.resolve(stage).resolve("model").toString();
    }

    private Path run(String preset, String... more) {
        Path output = directory.resolve(preset);
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                ProjectRoot.find().resolve("configs/" + preset + ".yaml").toString(),
                "output=" + output,
                "model=embedded:student",
                "data=embedded:prompts",
                "repeat=2",
                "dtype=float32",
                "threads=1",
                "stages.sample.max_rows=16",
                "stages.sample.max_new_tokens=40",
                "stages.eval.data=embedded:heldout-prompts",
                "stages.eval.max_rows=8",
                "stages.eval.max_new_tokens=40"));
        arguments.addAll(Arrays.asList(more));
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return output;
    }
}
