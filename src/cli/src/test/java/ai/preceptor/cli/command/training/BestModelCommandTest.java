package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Evaluation during training, by every command that trains. */
class BestModelCommandTest {
    @TempDir
    Path directory;

    /**
     * Evaluated after each of three steps, the run ends with the best of them, by a metric that may be asked for the wrong way
     * round so that the best is not always the last. The same if it was stopped after two.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            reward eval_rows=6                                                            | eval_accuracy            | false
            rank eval_rows=6                                                              | eval_loss                | true
            sft eval_data=DEMONSTRATIONS lora_r=2                                         | eval_loss                | true
            distill teacher=MODEL eval_data=DEMONSTRATIONS loss_type=forward_kl           | eval_mean_token_accuracy | false
            policy rule=brevity eval_data=PROMPTS max_completion_length=8                 | eval_reward              | true
            rank online=true rule=brevity eval_data=PROMPTS max_new_tokens=8              | eval_objective/kl        | false
            """)
    void train_loadBest_endsWithTheBestModel_alsoIfResumed(String command, String metric, boolean greater)
            throws IOException {
        Path straight = directory.resolve("straight");
        List<String> best = List.of(
                "eval_steps=1",
                "load_best_model_at_end=true",
                "metric_for_best_model=" + metric,
                "greater_is_better=" + greater);
        run(command, straight, 3, best);
        List<JsonNode> evaluations = evaluations(straight);
        assertThat(evaluations).extracting(row -> row.path("step").intValue()).containsExactly(1, 2, 3);
        Comparator<JsonNode> byMetric =
                Comparator.comparingDouble(row -> row.path(metric).doubleValue());
        JsonNode expected = evaluations.stream()
                .min(greater ? byMetric.reversed() : byMetric)
                .orElseThrow();
        JsonNode summary = summary(straight);
        assertThat(summary.path("best_global_step")).isEqualTo(expected.path("step"));
        assertThat(summary.path("best_metric")).isEqualTo(expected.path(metric));
        assertThat(summary.path(metric)).as("of the model in model/").isEqualTo(expected.path(metric));
        String weights = command.contains("lora_r") ? "adapter_model.safetensors" : "model.safetensors";
        Path checkpoint =
                straight.resolve("checkpoints/step-" + expected.path("step").intValue());
        assertThat(straight.resolve("model").resolve(weights)).hasSameBinaryContentAs(checkpoint.resolve(weights));

        Path stopped = directory.resolve("stopped");
        run(command, stopped, 2, best);
        run(command, stopped, 3, best);
        assertThat(stopped.resolve("model").resolve(weights))
                .hasSameBinaryContentAs(straight.resolve("model").resolve(weights));
        assertThat(withoutTimes(summary(stopped))).isEqualTo(withoutTimes(summary));
        assertThat(CommandRun.rows(stopped.resolve("metrics.jsonl")))
                .extracting(BestModelCommandTest::withoutTimes)
                .containsExactlyElementsOf(CommandRun.rows(straight.resolve("metrics.jsonl")).stream()
                        .map(BestModelCommandTest::withoutTimes)
                        .toList());
    }

    /** No step is left, but what is said of the model is of the rows that are given now. */
    @Test
    void rank_finishedRunResumedWithOtherRows_isMeasuredOnThem() throws IOException {
        List<String> pairs = Files.readAllLines(Golden.file("pairs.jsonl"));
        int half = pairs.size() / 2;
        Path first = Files.write(directory.resolve("first.jsonl"), pairs.subList(0, half));
        Path second = Files.write(directory.resolve("second.jsonl"), pairs.subList(half, pairs.size()));
        List<String> best = List.of("eval_steps=1", "load_best_model_at_end=true", "greater_is_better=true");
        Path straight = directory.resolve("straight");
        run("rank eval_data=" + second, straight, 2, best);
        List<JsonNode> expected = evaluations(straight);

        Path output = directory.resolve("run");
        run("rank eval_data=" + first, output, 2, best);
        JsonNode before = evaluations(output).get(1).path("eval_loss");
        assertThat(before).isNotEqualTo(expected.get(1).path("eval_loss"));
        run("rank eval_data=" + second, output, 2, best);
        List<JsonNode> evaluations = evaluations(output);
        assertThat(evaluations).extracting(row -> row.path("step").intValue()).containsExactly(1, 2);
        assertThat(evaluations.get(1).path("eval_loss"))
                .isEqualTo(expected.get(1).path("eval_loss"));
        assertThat(summary(output).path("eval_loss")).isEqualTo(expected.get(1).path("eval_loss"));
        assertThat(summary(output).path("best_global_step").intValue())
                .as("of the evaluations on these rows")
                .isEqualTo(2);
    }

    private static List<JsonNode> evaluations(Path run) throws IOException {
        return CommandRun.rows(run.resolve("metrics.jsonl")).stream()
                .filter(row -> row.has("eval_runtime"))
                .toList();
    }

    /** As policy, though without online=true the default is none. */
    @Test
    void rankOnline_evalStepsNotGiven_areFifty() throws IOException {
        Path output = directory.resolve("run");
        run("rank online=true rule=brevity eval_data=PROMPTS max_new_tokens=8", output, 1, List.of());
        assertThat(output.resolve("config.yaml")).content().contains("eval_steps: 50\n");
        run("rank online=true rule=brevity max_new_tokens=8", directory.resolve("plain"), 1, List.of());
    }

    /** A loss that has to grow never improves on the first. */
    @Test
    void train_noImprovement_stopsEarlyAndSaysSo() throws IOException {
        Path output = directory.resolve("run");
        String err = run(
                "rank eval_rows=6",
                output,
                5,
                List.of("eval_steps=1", "early_stopping_patience=2", "greater_is_better=true"));
        assertThat(err).contains("stopped early after step 3", "best eval_loss");
        JsonNode summary = summary(output);
        assertThat(summary.path("steps").intValue()).isEqualTo(3);
        assertThat(summary.path("stopped_early").booleanValue()).isTrue();
        assertThat(summary.path("best_global_step").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reward",
                "rank",
                "sft",
                "distill teacher=MODEL",
                "policy rule=brevity max_completion_length=8",
                "rank online=true rule=brevity max_new_tokens=8"
            })
    void train_nothingHeldOut_isRefusedBeforeAnythingIsWritten(String command) throws IOException {
        Path output = directory.resolve("run");
        CommandRun run = CommandRun.of(words(
                command,
                output,
                3,
                List.of("eval_steps=2", "load_best_model_at_end=true", "early_stopping_patience=1")));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("eval_data: expected a file")
                .contains(
                        "required by eval_steps 2 and load_best_model_at_end true and early_stopping_patience 1, found none");
        assertThat(output).doesNotExist();
    }

    /** Every command names step, value, rate and a lower one, and keeps the state before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "reward",
                "rank",
                "sft",
                "policy rule=brevity max_completion_length=8",
                "rank online=true rule=brevity max_new_tokens=8",
                "distill teacher=TEACHER loss_type=forward_kl"
            })
    void train_diverges_endsWithOneAndASuggestion(String command) throws IOException {
        Path output = directory.resolve("run");
        CommandRun run =
                CommandRun.of(words(command, output, 6, List.of("learning_rate=1e36", "max_grad_norm=0", "threads=1")));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DIVERGED);
        assertThat(run.err())
                .containsPattern("step [23]: (loss|grad_norm) is (NaN|-?Infinity) on rows \\[")
                .contains("at learning rate 1.0E36", "Try a lower learning_rate, such as 1.0E35")
                .containsPattern("state saved in .*step-[12]");
        assertThat(output.resolve("checkpoints")).isNotEmptyDirectory();
        assertThat(output.resolve("model")).doesNotExist();
    }

    /** Known before the first step, of sampled answers too. */
    @ParameterizedTest
    @ValueSource(
            strings = {"sft eval_data=DEMONSTRATIONS", "policy rule=brevity eval_data=PROMPTS max_completion_length=8"})
    void train_metricThatIsNotThere_isRefusedBeforeTheFirstStep(String command) throws IOException {
        Path output = directory.resolve("run");
        CommandRun run = CommandRun.of(words(
                command,
                output,
                3,
                List.of("eval_steps=2", "load_best_model_at_end=true", "metric_for_best_model=eval_acuracy")));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("metric_for_best_model: expected one of eval_", ", found eval_acuracy");
        assertThat(output).as("what is refused leaves nothing").doesNotExist();
    }

    private String run(String command, Path output, int steps, List<String> more) throws IOException {
        CommandRun run = CommandRun.of(words(command, output, steps, more));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return run.err();
    }

    private String[] words(String command, Path output, int steps, List<String> more) throws IOException {
        Path prompts = Files.writeString(
                directory.resolve("prompts.jsonl"), "{\"prompt\": \"Four\"}\n{\"prompt\": \"Five\"}\n");
        Path demonstrations = Files.writeString(
                directory.resolve("demonstrations.jsonl"),
                "{\"prompt\": \"One\", \"completion\": \" two\"}\n{\"prompt\": \"Three\", \"completion\": \" four five\"}\n");
        boolean sampled = command.contains("rule=");
        boolean imitates = command.startsWith("sft") || command.startsWith("distill");
        List<String> words = new ArrayList<>(
                Arrays.asList(command.replace("MODEL", Golden.dir("tiny-chat").toString())
                        .replace("TEACHER", Golden.dir("tiny-teacher").toString())
                        .replace("DEMONSTRATIONS", demonstrations.toString())
                        .replace("PROMPTS", prompts.toString())
                        .split(" ")));
        words.add("model=" + Golden.dir("tiny-chat"));
        words.add("data=" + (sampled ? prompts : imitates ? demonstrations : Golden.file("pairs.jsonl")));
        words.addAll(List.of("batch_size=4", "lr_scheduler_type=constant", "learning_rate=1e-3", "save_steps=1"));
        words.addAll(List.of("save_total_limit=1", "resume=true", "output=" + output, "max_steps=" + steps));
        words.removeIf(word -> more.stream().anyMatch(other -> word.split("=")[0].equals(other.split("=")[0])));
        words.addAll(more);
        return words.toArray(String[]::new);
    }

    private static JsonNode summary(Path run) throws IOException {
        return new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    }

    private static JsonNode withoutTimes(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            names.stream()
                    .filter(name -> name.matches(".*(time|seconds|utilization|resumed_from).*"))
                    .forEach(object::remove);
        }
        node.forEach(BestModelCommandTest::withoutTimes);
        return node;
    }
}
