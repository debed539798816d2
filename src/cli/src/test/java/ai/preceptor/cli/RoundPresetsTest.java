package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.quickstart.EmbeddedModels;
import ai.preceptor.testkit.ProjectRoot;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes with rounds on the embedded models, two short rounds each: that a round does what its paper says. */
class RoundPresetsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Two short steps of a stage. */
    private static final String LEARN = "stages.#.max_steps=2 stages.#.max_length=128 stages.#.batch_size=4";

    @TempDir
    Path directory;

    @Test
    void iterativeDpo_ranksAnswersOfThePreviousStudent() throws IOException {
        Path run = run("iterative-dpo", "teacher=embedded:teacher", LEARN.replace("#", "dpo"));

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
        Path run = run("cyclealign", "teacher=embedded:teacher", LEARN.replace("#", "rank"));

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

    @Test
    void raft_imitatesTheBestOfThePreviousStudent() throws IOException {
        Path run =
                run("raft", "teacher=embedded:teacher", "stages.sample.num_generations=4", LEARN.replace("#", "sft"));
        Path sample = run.resolve("round-2/sample");
        Map<String, Map<String, Double>> scores = scores(sample.resolve("ledger.jsonl"));
        assertThat(CommandRun.rows(sample.resolve("demonstrations.jsonl")))
                .hasSameSizeAs(scores.keySet())
                .allSatisfy(row -> {
                    Map<String, Double> answers = scores.get(row.path("prompt").toString());
                    assertThat(answers.get(answer(row, "completion"))).isEqualTo(Collections.max(answers.values()));
                });
        assertThat(prompts(sample.resolve("ledger.jsonl")))
                .as("a batch of its own")
                .doesNotContainAnyElementsOf(prompts(run.resolve("round-1/sample/ledger.jsonl")));
        assertThat(key(run, "round-2/sample", "model")).isEqualTo(model(run, "round-1/sft"));
        assertThat(key(run, "round-2/sft", "model")).isEqualTo(model(run, "round-1/sft"));
        assertThat(key(run, "round-2/sft", "data")).endsWith("round-2/sample/demonstrations.jsonl");
        assertMeasuredByRound(run);
    }

    @Test
    void restEm_imitatesRightAnswersFromTheBase() throws IOException {
        Path run = run(
                "rest-em",
                "stages.sample.rule=world",
                "stages.eval.rule=world",
                "stages.sample.num_generations=8",
                "stages.sample.max_per_prompt=2",
                LEARN.replace("#", "sft"));
        Map<String, Integer> kept = new HashMap<>();
        assertThat(CommandRun.rows(run.resolve("round-2/sample/demonstrations.jsonl")))
                .isNotEmpty()
                .allSatisfy(row -> {
                    assertThat(row.path("score").doubleValue()).isEqualTo(1);
                    kept.merge(row.path("prompt").toString(), 1, Integer::sum);
                });
        assertThat(kept.values()).allMatch(count -> count <= 2);
        assertThat(prompts(run.resolve("round-2/sample/ledger.jsonl")))
                .as("the same problems in each round")
                .isEqualTo(prompts(run.resolve("round-1/sample/ledger.jsonl")));
        assertThat(key(run, "round-2/sample", "model")).isEqualTo(model(run, "round-1/sft"));
        assertThat(key(run, "round-2/sft", "model"))
                .as("the initial model again")
                .isEqualTo(key(run, "round-1/sft", "model"))
                .isEqualTo(key(run, "round-1/sample", "model"));
        assertMeasuredByRound(run);
    }

    @Test
    void star_learnsWhatIsRightInEitherTryWithoutTheHint() throws IOException {
        Path run = run(
                "star",
                "data=" + problems(),
                "stages.sample.rule=contains_answer",
                "stages.eval.rule=contains_answer",
                "stages.eval.data=" + problems(),
                "stages.sample.temperature=1", // its most probable answers are all right
                LEARN.replace("#", "sft"));
        Path sample = run.resolve("round-2/sample");
        Set<String> asked = prompts(sample.resolve("ledger.jsonl"));
        Set<String> right = new HashSet<>();
        assertThat(CommandRun.rows(sample.resolve("demonstrations.jsonl")))
                .isNotEmpty()
                .allSatisfy(row -> {
                    assertThat(answer(row, "completion").toLowerCase(Locale.ROOT))
                            .contains(row.path("answer").asText());
                    assertThat(asked)
                            .as("without the hint")
                            .contains(row.path("prompt").toString());
                    if (!row.path("hinted").asBoolean()) {
                        right.add(row.path("prompt").toString());
                    }
                });
        List<JsonNode> again = CommandRun.rows(sample.resolve("ledger-hint.jsonl"));
        assertThat(again).as("only what was wrong").isNotEmpty().hasSize(asked.size() - right.size());
        assertThat(again)
                .allSatisfy(row -> assertThat(row.path("prompt").toString())
                        .contains(row.path("columns").path("answer").asText()));
        assertThat(key(run, "round-2/sample", "model")).isEqualTo(model(run, "round-1/sft"));
        assertThat(key(run, "round-2/sft", "model"))
                .as("the initial model again")
                .isEqualTo(key(run, "round-1/sft", "model"));
        assertMeasuredByRound(run);
    }

    @Test
    void spin_rejectsThePreviousStudentsAnswers() throws IOException {
        Path run = run("spin", "data=" + problems(), LEARN.replace("#", "dpo"));
        Path sample = run.resolve("round-2/sample");
        List<JsonNode> answers = CommandRun.rows(sample.resolve("ledger.jsonl"));
        assertThat(CommandRun.rows(sample.resolve("preferences.jsonl")))
                .isNotEmpty()
                .allSatisfy(pair -> {
                    assertThat(answer(pair, "chosen")).as("the row's").startsWith("It is ");
                    assertThat(answers)
                            .as("its own")
                            .anyMatch(row -> row.path("prompt").equals(pair.path("prompt"))
                                    && row.path("responses").path(0).asText().equals(answer(pair, "rejected")));
                });
        assertThat(key(run, "round-2/sample", "model")).isEqualTo(model(run, "round-1/dpo"));
        assertThat(key(run, "round-2/dpo", "model")).isEqualTo(model(run, "round-1/dpo"));
        assertThat(key(run, "round-2/dpo", "ref_model")).isEqualTo(model(run, "round-1/dpo"));
        assertThat(key(run, "round-1/dpo", "ref_model")).isEqualTo(key(run, "round-1/dpo", "model"));
        assertMeasuredByRound(run);
    }

    /** Of a model that cannot grade in words, the likelihood takes the place of the grade. */
    @Test
    void selfRewarding_isJudgedByItself() throws IOException {
        Path run = run(
                "self-rewarding",
                "stages.sample.teacher_mode=null",
                "stages.sample.teacher_votes=1",
                "stages.sample.teacher_temperature=null",
                LEARN.replace("#", "dpo"));
        assertBestAgainstWorst(run.resolve("round-2/sample"));
        assertThat(key(run, "round-1/sample", "teacher")).isEqualTo(key(run, "round-1/sample", "model"));
        assertThat(key(run, "round-2/sample", "teacher")).isEqualTo(model(run, "round-1/dpo"));
        assertThat(key(run, "round-2/sample", "model")).isEqualTo(model(run, "round-1/dpo"));
        assertThat(key(run, "round-2/dpo", "model")).isEqualTo(model(run, "round-1/dpo"));
        assertThat(key(run, "round-2/dpo", "ref_model")).isEqualTo(model(run, "round-1/dpo"));
        assertMeasuredByRound(run);
    }

    /** Opposites with their answer, and an answer in other words than the student's. */
    private Path problems() throws IOException {
        StringBuilder rows = new StringBuilder();
        Path prompts = EmbeddedModels.inUserCache().resolve("embedded:prompts");
        for (JsonNode row : CommandRun.rows(prompts)) {
            if (row.path("kind").asText().equals("opposite")) {
                String answer = row.path("expected").path(1).asText();
                ObjectNode problem = JSON.createObjectNode();
                problem.set("prompt", row.path("prompt"));
                problem.put("completion", "It is " + answer + ".").put("answer", answer);
                rows.append(problem).append('\n');
            }
        }
        return Files.writeString(directory.resolve("problems.jsonl"), rows);
    }

    /** Of every pair both answers are the student's, and the teacher prefers the chosen one to all others. */
    private static void assertBestAgainstWorst(Path sample) throws IOException {
        Map<String, Map<String, Double>> scores = scores(sample.resolve("ledger.jsonl"));
        assertThat(CommandRun.rows(sample.resolve("preferences.jsonl")))
                .isNotEmpty()
                .allSatisfy(pair -> {
                    Map<String, Double> answers = scores.get(pair.path("prompt").toString());
                    assertThat(answers.get(answer(pair, "chosen"))).isEqualTo(Collections.max(answers.values()));
                    assertThat(answers.get(answer(pair, "rejected"))).isEqualTo(Collections.min(answers.values()));
                });
    }

    /** The scored answers of a prompt, and their scores. */
    private static Map<String, Map<String, Double>> scores(Path ledger) throws IOException {
        Map<String, Map<String, Double>> scores = new HashMap<>();
        for (JsonNode row : CommandRun.rows(ledger)) {
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
        return scores;
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
        for (String given : more) {
            for (String argument : given.split(" ")) {
                String key = argument.substring(0, argument.indexOf('=') + 1);
                arguments.removeIf(other -> other.startsWith(key));
                arguments.add(argument);
            }
        }
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return output;
    }
}
