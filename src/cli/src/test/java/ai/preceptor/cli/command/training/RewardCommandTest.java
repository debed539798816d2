package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.MetricsPage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reward models learn from, what is told of them, and ensembles. */
class RewardCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    /** Whole or in micro-batches, and nearly so in bfloat16. */
    @ParameterizedTest
    @ValueSource(strings = {"bradley_terry", "plackett_luce"})
    void reward_rankedGroups_learnTheSameHoweverComputed(String loss) throws IOException {
        Path data = groups();
        String type = "loss_type=" + loss;
        List<JsonNode> atOnce = reward("whole", data, type, "batch_size=4", "eval_rows=4");
        List<JsonNode> oneByOne =
                reward("parts", data, type, "batch_size=1", "gradient_accumulation_steps=4", "eval_rows=4");
        List<Double> whole = losses(atOnce);
        List<Double> parts = losses(oneByOne);
        double norm = atOnce.get(0).path("grad_norm").doubleValue();
        assertThat(oneByOne.get(0).path("grad_norm").doubleValue()).isCloseTo(norm, within(1e-5 * norm));
        List<Double> coarse = losses(reward("coarse", data, type, "batch_size=4", "eval_rows=4", "dtype=bfloat16"));
        assertThat(whole.get(whole.size() - 1)).isLessThan(whole.get(0));
        for (int i = 0; i < whole.size(); i++) {
            assertThat(parts.get(i)).as("step %d", i).isCloseTo(whole.get(i), within(1e-5 * whole.get(i)));
            assertThat(coarse.get(i)).as("step %d", i).isCloseTo(whole.get(i), within(0.05 * whole.get(i)));
        }
        JsonNode summary = JSON.readTree(directory.resolve("whole/summary.json").toFile());
        assertThat(summary.path("eval_pairs").intValue())
                .as("four groups of three")
                .isEqualTo(12);
        assertThat(summary.path("eval_accuracy_by_margin"))
                .as("differences of the scores")
                .extracting(group -> group.path("to").doubleValue())
                .containsExactly(1.0, 2.0);
    }

    /** Adapters of an ensemble, in micro-batches: read as they lie, and merged. */
    @Test
    void reward_byLora_isReadAndMerged() throws IOException {
        Path data = groups();
        reward(
                "lora",
                data,
                "loss_type=plackett_luce",
                "batch_size=1",
                "gradient_accumulation_steps=4",
                "lora_r=4",
                "ensemble_size=2",
                "init_head=normal");
        Path adapter = directory.resolve("lora/model");
        assertThat(adapter.resolve("adapter_config.json")).content().contains("score");
        Path merged = directory.resolve("merged");
        CommandRun convert = CommandRun.of("convert", "model=" + adapter, "output=" + merged);
        assertThat(convert.code()).as(convert.err()).isEqualTo(ExitCode.DONE);
        Path pairs = Golden.file("pairs.jsonl");
        List<JsonNode> ours = score(adapter, pairs, "normalize_rewards=true");
        List<JsonNode> theirs = score(merged, pairs, "normalize_rewards=true");
        for (int i = 0; i < ours.size(); i++) {
            for (String name : List.of("rewards/chosen", "uncertainty/rejected")) {
                assertThat(theirs.get(i).path(name).doubleValue())
                        .as("row %d, %s", i, name)
                        .isCloseTo(ours.get(i).path(name).doubleValue(), within(1e-4));
            }
        }
    }

    /** A probability of 1 is no probability; one of 0 turns the pair round. */
    @Test
    void reward_softLabels_atTheirEnds() throws IOException {
        List<Double> hard = losses(reward("hard", pairs(row -> row), "batch_size=4"));
        List<Double> certain = losses(reward("one", pairs(row -> row.put("chosen_probability", 1)), "batch_size=4"));
        List<Double> turned = losses(reward(
                "zero",
                pairs(row -> {
                    JsonNode chosen = row.get("chosen");
                    row.set("chosen", row.get("rejected"));
                    row.set("rejected", chosen);
                    return row.put("chosen_probability", 0);
                }),
                "batch_size=4"));
        assertThat(certain).isEqualTo(hard);
        for (int i = 0; i < hard.size(); i++) {
            assertThat(turned.get(i)).isCloseTo(hard.get(i), within(1e-4));
        }
    }

    @Test
    void reward_heldOutPairs_areReported() throws IOException {
        int[] next = {0};
        Path data = pairs(row ->
                row.put("topic", "t" + next[0]++ % 2).put("margin", next[0] % 3).put("chosen_probability", 0.9));
        reward("run", data, "batch_size=4", "eval_rows=8", "subset_column=topic");
        JsonNode summary = JSON.readTree(directory.resolve("run/summary.json").toFile());
        List<String> names = new ArrayList<>();
        summary.fieldNames()
                .forEachRemaining(name -> names.add(name.startsWith("eval_accuracy/") ? "eval_accuracy" : name));
        MetricsPage.requireDocumented(
                names.stream().filter(name -> name.startsWith("eval_")).toList());
        assertThat(names).contains("eval_ece", "eval_teacher_agreement", "eval_length_correlation");
        assertThat(summary.path("eval_accuracy_by_subset").size()).isEqualTo(2);
        assertThat(directory.resolve("run/report.html"))
                .content()
                .contains("Held-out pairs", "Reliability", "subset t0", "the longer answer");
        CommandRun eval = CommandRun.of(
                "eval",
                "model=" + directory.resolve("run/model"),
                "data=" + directory.resolve("run/heldout.jsonl"),
                "output=" + directory.resolve("eval"),
                "agreement_teacher=" + directory.resolve("run/model"),
                "subset_column=topic");
        assertThat(eval.code()).as(eval.err()).isEqualTo(ExitCode.DONE);
        JsonNode again = JSON.readTree(directory.resolve("eval/summary.json").toFile());
        assertThat(again.path("eval_accuracy_by_subset")).isEqualTo(summary.path("eval_accuracy_by_subset"));
        assertThat(again.path("eval_teacher_agreement").doubleValue())
                .as("with itself")
                .isEqualTo(1);
        assertThat(again.path("eval_ece").doubleValue())
                .isCloseTo(summary.path("eval_ece").doubleValue(), within(1e-5));
    }

    /** Margins in units of the stored deviation; which answer wins, and how long it is, stay as they are. */
    @Test
    void eval_normalized_readsTheRewardsInDeviations() throws IOException {
        reward("run", pairs(row -> row), "batch_size=4");
        Path model = directory.resolve("run/model");
        double std = JSON.readTree(model.resolve("reward_statistics.json").toFile())
                .path("std")
                .doubleValue();
        JsonNode plain = eval(model, "plain");
        JsonNode normalized = eval(model, "normalized", "normalize_rewards=true");
        assertThat(normalized.path("eval_margin").doubleValue())
                .isCloseTo(plain.path("eval_margin").doubleValue() / std, within(1e-4));
        for (String same : List.of("eval_accuracy", "eval_length_correlation")) {
            assertThat(normalized.path(same).doubleValue())
                    .as(same)
                    .isCloseTo(plain.path(same).doubleValue(), within(1e-6));
        }
        Files.delete(model.resolve("reward_statistics.json"));
        CommandRun refused = CommandRun.of(
                "eval",
                "model=" + model,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve("refused"),
                "normalize_rewards=true");
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains("normalize_rewards:", "has no reward_statistics.json");
    }

    private JsonNode eval(Path model, String output, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "eval", "model=" + model, "data=" + Golden.file("pairs.jsonl"), "output=" + directory.resolve(output)));
        all.addAll(Arrays.asList(more));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return JSON.readTree(directory.resolve(output).resolve("summary.json").toFile());
    }

    @Test
    void eval_unknownSubset_isTold() throws IOException {
        reward("run", pairs(row -> row), "batch_size=4", "max_steps=1");
        Files.delete(directory.resolve("run/model/model.safetensors")); // not needed to find it out
        CommandRun eval = CommandRun.of(
                "eval",
                "model=" + directory.resolve("run/model"),
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve("eval"),
                "subset_column=topic");
        assertThat(eval.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(eval.err()).contains("subset_column: no pair has a column topic");
    }

    @Test
    void reward_unknownSubset_isToldBeforeTraining() throws IOException {
        CommandRun run = CommandRun.of(
                "reward",
                "model=" + STUDENT,
                "data=" + pairs(row -> row),
                "eval_rows=4",
                "subset_column=topic",
                "max_steps=1",
                "output=" + directory.resolve("run"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("subset_column: no pair has a column topic");
        assertThat(directory.resolve("run/metrics.jsonl")).isEmptyFile();
        CommandRun none = CommandRun.of(
                "reward", "model=" + STUDENT, "data=" + Golden.file("pairs.jsonl"), "subset_column=topic");
        assertThat(none.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(none.err()).contains("subset_column: expected none without eval_data and eval_rows, found topic");
    }

    @Test
    void reward_resumed_isMeasuredByAnotherColumn() throws IOException {
        int[] next = {0};
        Path data = pairs(row -> row.put("topic", "t" + next[0]++ % 2).put("kind", "k"));
        reward("run", data, "batch_size=4", "eval_rows=8", "save_steps=1", "max_steps=1", "subset_column=topic");
        reward(
                "run",
                data,
                "batch_size=4",
                "eval_rows=8",
                "save_steps=1",
                "max_steps=2",
                "subset_column=kind",
                "resume=true");
        JsonNode summary = JSON.readTree(directory.resolve("run/summary.json").toFile());
        assertThat(summary.path("eval_accuracy_by_subset")).hasSize(1);
    }

    @Test
    void ensemble_isSavedScoredAndPaidByItsLowerBound() throws IOException {
        Path data = pairs(row -> row);
        reward("many", data, "batch_size=4", "ensemble_size=3", "init_head=normal");
        reward("one", data, "batch_size=4", "eval_rows=4");
        Path many = directory.resolve("many/model");
        assertThat(JSON.readTree(many.resolve("config.json").toFile())
                        .path("id2label")
                        .size())
                .isEqualTo(3);
        List<JsonNode> mean = score(many, data);
        List<JsonNode> bound = score(many, data, "reward_uncertainty_coef=2");
        for (int i = 0; i < mean.size(); i++) {
            assertThat(bound.get(i).path("rewards/chosen").doubleValue())
                    .isCloseTo(
                            mean.get(i).path("rewards/chosen").doubleValue()
                                    - 2 * mean.get(i).path("uncertainty/chosen").doubleValue(),
                            within(1e-9));
        }
        CommandRun policy = CommandRun.of(
                "policy",
                "model=" + STUDENT,
                "data=" + data,
                "reward_model=[" + many + "," + directory.resolve("one/model") + "]",
                "normalize_rewards=true",
                "reward_uncertainty_coef=1",
                "max_steps=1",
                "batch_size=2",
                "num_generations=2",
                "max_completion_length=4",
                "save_steps=0",
                "output=" + directory.resolve("policy"));
        assertThat(policy.code()).as(policy.err()).isEqualTo(ExitCode.DONE);
    }

    /** All training pairs were measured, so their rewards are standard when read so. */
    @Test
    void score_normalized_hasMeanZeroAndDeviationOne() throws IOException {
        Path data = pairs(row -> row);
        reward("run", data, "batch_size=4");
        Path model = directory.resolve("run/model");
        double[] rewards = score(model, data, "normalize_rewards=true").stream()
                .flatMapToDouble(row -> java.util.stream.DoubleStream.of(
                        row.path("rewards/chosen").doubleValue(),
                        row.path("rewards/rejected").doubleValue()))
                .toArray();
        assertThat(Arrays.stream(rewards).average().orElseThrow()).isCloseTo(0, within(1e-3));
        assertThat(Arrays.stream(rewards).map(reward -> reward * reward).sum() / (rewards.length - 1))
                .isCloseTo(1, within(1e-3));
        Files.delete(model.resolve("reward_statistics.json"));
        CommandRun refused = CommandRun.of(
                "score",
                "model=" + model,
                "data=" + data,
                "output=" + directory.resolve("o"),
                "normalize_rewards=true");
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains("normalize_rewards:", "has no reward_statistics.json");
    }

    @Test
    void ensemble_ofHeadsThatStartEqual_isRefused() {
        CommandRun run =
                CommandRun.of("reward", "model=" + STUDENT, "data=" + Golden.file("pairs.jsonl"), "ensemble_size=2");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("init_head: expected normal with an ensemble_size of 2");
    }

    private Path pairs(UnaryOperator<ObjectNode> change) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode pair : Golden.lines("pairs.jsonl")) {
            rows.add(change.apply(pair.deepCopy()).toString());
        }
        return Files.write(Files.createTempFile(directory, "pairs", ".jsonl"), rows);
    }

    /** Three answers each, scored 3, 2 and 1. */
    private Path groups() throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode pair : Golden.lines("pairs.jsonl")) {
            ObjectNode row = JSON.createObjectNode();
            row.set("prompt", pair.get("prompt"));
            row.putArray("responses")
                    .add(pair.get("chosen"))
                    .add("No. " + rows.size())
                    .add(pair.get("rejected"));
            row.putArray("scores").add(3).add(1).add(2);
            rows.add(row.toString());
        }
        return Files.write(directory.resolve("groups.jsonl"), rows);
    }

    private List<JsonNode> reward(String output, Path data, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "reward",
                "model=" + STUDENT,
                "data=" + data,
                "learning_rate=1e-3",
                "num_train_epochs=1",
                "logging_steps=1",
                "save_steps=0",
                "output=" + directory.resolve(output)));
        for (String own : more) {
            all.removeIf(standard -> standard.startsWith(own.substring(0, own.indexOf('=') + 1)));
        }
        all.addAll(Arrays.asList(more));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return lines(directory.resolve(output).resolve("metrics.jsonl"));
    }

    private List<JsonNode> score(Path model, Path data, String... more) throws IOException {
        Path output = directory.resolve("scores.jsonl");
        List<String> all = new ArrayList<>(List.of("score", "model=" + model, "data=" + data, "output=" + output));
        all.addAll(Arrays.asList(more));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return lines(output);
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    private static List<Double> losses(List<JsonNode> steps) {
        return steps.stream().map(step -> step.path("loss").doubleValue()).toList();
    }
}
