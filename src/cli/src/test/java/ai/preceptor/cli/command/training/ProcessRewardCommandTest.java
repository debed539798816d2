package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reward models of steps: what they learn from, and what they are good for afterwards. */
class ProcessRewardCommandTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    private Path directory;

    private Path steps() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            rows.add("{\"prompt\": \"Say " + i + "\", \"completions\": [\"" + (i % 2 == 0 ? "oui" : "non")
                    + "\", \"oui\"], \"labels\": [" + (i % 2 == 0) + ", true]}");
        }
        return Files.write(directory.resolve("steps.jsonl"), rows);
    }

    private CommandRun reward(String output, Path data, String... more) {
        return rewardOf(STUDENT, output, data, more);
    }

    private CommandRun rewardOf(Path model, String output, Path data, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "reward", "model=" + model, "data=" + data, "output=" + directory.resolve(output), "batch_size=4"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    /** Separators of answers are line feeds of the sampled text, which a random model writes now and then; here a letter. */
    @Test
    void reward_ofSteps_scoresForThePolicy() throws IOException {
        CommandRun run =
                reward("prm", steps(), "eval_rows=4", "num_train_epochs=2", "learning_rate=1e-3", "step_separator=e");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        Path model = directory.resolve("prm/model");
        DecoderConfig config = DecoderConfig.read(model);
        assertThat(config.architecture().label()).isEqualTo("LlamaForTokenClassification");
        assertThat(config.stepSeparator()).isEqualTo("e");
        JsonNode summary = new ObjectMapper()
                .readTree(directory.resolve("prm/summary.json").toFile());
        assertThat(summary.path("eval_steps").intValue()).isEqualTo(8);
        List<String> names = new ArrayList<>();
        summary.fieldNames().forEachRemaining(names::add);
        JsonNode step = CommandRun.rows(directory.resolve("prm/metrics.jsonl")).get(0);
        assertThat(step.has("step_probability")).isTrue();
        step.fieldNames().forEachRemaining(name -> names.add(name.startsWith("accuracy_") ? name : "loss"));
        MetricsPage.requireDocumented(names.stream()
                .filter(name -> name.startsWith("eval_") || name.startsWith("accuracy_"))
                .toList());
        CommandRun policy = CommandRun.of(
                "policy",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve("policy"),
                "batch_size=8",
                "max_completion_length=24",
                "max_steps=1",
                "algorithm=reinforce_plus_plus",
                "reward_model=" + model,
                "step_aggregation=sum",
                "step_rewards=true");
        assertThat(policy.code()).as(policy.err()).isEqualTo(ExitCode.DONE);
        List<JsonNode> samples = CommandRun.rows(directory.resolve("policy/samples.jsonl"));
        assertThat(samples).hasSize(8);
        for (JsonNode sample : samples) {
            if (sample.path("score").isNumber()) {
                double sum = 0;
                for (JsonNode token : sample.path("token_scores")) {
                    assertThat(token.get(0).intValue())
                            .isLessThan(sample.path("tokens").intValue());
                    sum += token.get(1).doubleValue();
                }
                assertThat(sum).isCloseTo(sample.path("score").doubleValue(), within(1e-9));
            }
        }
        assertThat(samples.stream().filter(sample -> sample.path("token_scores").size() > 1))
                .isNotEmpty();
    }

    /** A served judge that grades 7 beside steps: their sum at the steps, a tenth of the grade at the last token. */
    @Test
    void judge_mixesWithScoresOfSteps() throws IOException {
        CommandRun run = reward("prm", steps(), "max_steps=1", "step_separator=e");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.completion("Fair.\nScore: 7"))) {
            CommandRun policy = CommandRun.of(
                    "policy",
                    "model=" + STUDENT,
                    "data=" + Golden.file("pairs.jsonl"),
                    "output=" + directory.resolve("mixed"),
                    "batch_size=8",
                    "max_completion_length=24",
                    "max_steps=1",
                    "algorithm=grpo",
                    "step_rewards=true",
                    "reward_model=" + directory.resolve("prm/model"),
                    "step_aggregation=sum",
                    "teacher_url=" + server.url(),
                    "teacher_model=judge",
                    "teacher_mode=score",
                    "reward_weights=[1, 0.1]");
            assertThat(policy.code()).as(policy.err()).isEqualTo(ExitCode.DONE);
        }
        List<JsonNode> scored = CommandRun.rows(directory.resolve("mixed/samples.jsonl")).stream()
                .filter(sample -> sample.path("score").isNumber())
                .toList();
        assertThat(scored).isNotEmpty();
        for (JsonNode sample : scored) {
            double steps = sample.path("score_parts").path("reward_model").doubleValue();
            assertThat(sample.path("score_parts").path("teacher").doubleValue()).isEqualTo(7);
            assertThat(sample.path("score").doubleValue()).isCloseTo(steps + 0.7, within(1e-9));
            JsonNode tokens = sample.path("token_scores");
            JsonNode last = tokens.get(tokens.size() - 1);
            assertThat(last.get(0).intValue()).isEqualTo(sample.path("tokens").intValue() - 1);
            assertThat(last.get(1).doubleValue()).isGreaterThan(0.7);
        }
    }

    private CommandRun policy(String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "policy",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve(output),
                "batch_size=4",
                "max_completion_length=8",
                "max_steps=1"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    /** The critic of PPO then starts as the student; a separator is not changed behind a model's back. */
    @Test
    void processRewardModel_isNoCritic_andKeepsItsSeparator() throws IOException {
        CommandRun run = reward("prm", steps(), "max_steps=1", "step_separator=e");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        Path model = directory.resolve("prm/model");
        CommandRun ppo = policy("ppo", "algorithm=ppo", "reward_model=" + model, "step_rewards=true");
        assertThat(ppo.code()).as(ppo.err()).isEqualTo(ExitCode.DONE);
        CommandRun other = rewardOf(model, "other", steps(), "max_steps=1", "step_separator=x");
        assertThat(other.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(other.err())
                .contains("step_separator: expected \"e\", with which")
                .contains("found \"x\"");
        CommandRun same = rewardOf(model, "same", steps(), "max_steps=1");
        assertThat(same.code()).as(same.err()).isEqualTo(ExitCode.DONE);
        assertThat(DecoderConfig.read(directory.resolve("same/model")).stepSeparator())
                .isEqualTo("e");
    }

    @Test
    void rewardsOfSteps_withoutAScorerOfSteps_areRefused() {
        CommandRun run = policy("o", "algorithm=reinforce_plus_plus", "rule=brevity", "step_rewards=true");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("step_rewards: expected false without a process reward model");
    }

    @Test
    void badRowsAndKeys_areRefused() throws IOException {
        Path bad = Files.writeString(
                directory.resolve("bad.jsonl"),
                "{\"prompt\": \"p\", \"completions\": [\"a\", \"b\"], \"labels\": [true]}\n");
        CommandRun run = reward("bad", bad);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains(bad + ":1: key \"labels\": expected one per step of completions (2)");
        Path line = Files.writeString(
                directory.resolve("line.jsonl"),
                "{\"prompt\": \"p\", \"completions\": [\"a\", \"b\\nc\"], \"labels\": [true, true]}\n");
        run = reward("line", line);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err())
                .contains(line + ":1: key \"completions[1]\": expected a step that ends where step_separator");
        run = reward(
                "keys",
                steps(),
                "loss_type=plackett_luce",
                "lora_r=4",
                "ensemble_size=2",
                "init_head=normal",
                "eval_rows=1",
                "subset_column=x");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("loss_type: expected bradley_terry or none with rows of steps, found plackett_luce")
                .contains("ensemble_size: expected 1 with rows of steps, found 2")
                .contains("subset_column: expected none with rows of steps, found x")
                .contains("lora_r: expected none with rows of steps");
        run = reward("pairs", Golden.file("pairs.jsonl"), "train_on_last_step_only=true", "step_separator=x");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("train_on_last_step_only: expected none without rows of steps")
                .contains("step_separator: expected none without rows of steps");
        run = CommandRun.of(
                "policy",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve("o"),
                "rule=brevity",
                "step_rewards=true");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("step_rewards: expected false with algorithm rloo, which rewards whole answers");
    }
}
