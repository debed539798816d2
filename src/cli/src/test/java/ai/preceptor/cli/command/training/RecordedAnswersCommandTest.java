package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code policy rollouts=FILE}: what it reads, refuses and writes. Curves on recorded answers are {@link PolicyCurvesTest}. */
class RecordedAnswersCommandTest {
    private static final Path ROLLOUTS = Golden.file("policy_rollouts.jsonl");

    @TempDir
    Path directory;

    /** A run's own samples teach what the run learnt: the same weights to the bit. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "algorithm=rloo",
                "algorithm=grpo num_generations=4 beta=0.1 temperature=0.7",
                "algorithm=grpo num_generations=4 top_k=20 num_iterations=2"
            })
    void samplesOfARun_readBack_trainTheSameModel(String method) throws IOException {
        List<String> keys = new ArrayList<>(List.of(method.split(" ")));
        keys.addAll(List.of("max_steps=4", "recompute_old_logps=false", "shuffle=false"));
        List<String> sampling = new ArrayList<>(keys);
        sampling.addAll(List.of("data=" + Golden.file("pairs.jsonl"), "rule=brevity"));
        done(policy("sampled", sampling));
        keys.removeIf(key -> key.startsWith("num_generations"));
        keys.add("rollouts=" + directory.resolve("sampled/samples.jsonl"));
        done(policy("recorded", keys));
        for (String file : List.of("model/model.safetensors", "samples.jsonl")) {
            assertThat(directory.resolve("recorded").resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("sampled").resolve(file));
        }
    }

    /** The second epoch has the same prompts in another order, and a prompt's answers stay together. */
    @Test
    void shuffle_permutesEachEpoch() throws IOException {
        done(policy("run", List.of("rollouts=" + ROLLOUTS, "shuffle=true", "num_train_epochs=2", "algorithm=grpo")));
        List<String> prompts = new ArrayList<>();
        for (JsonNode sample : CommandRun.rows(directory.resolve("run/samples.jsonl"))) {
            prompts.add(sample.path("prompt").toString());
        }
        assertThat(prompts).hasSize(64);
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i += 4) {
            assertThat(prompts.subList(i, i + 4)).containsOnly(prompts.get(i));
            groups.add(prompts.get(i));
        }
        List<String> file = new ArrayList<>();
        CommandRun.rows(ROLLOUTS).forEach(row -> file.add(row.path("prompt").toString()));
        List<String> first = groups.subList(0, 8);
        List<String> second = groups.subList(8, 16);
        assertThat(first).containsExactlyInAnyOrderElementsOf(file).isNotEqualTo(file);
        assertThat(second).containsExactlyInAnyOrderElementsOf(file).isNotEqualTo(first);
    }

    /** A scorer that is given wins; the recorded scores are what it says otherwise. */
    @Test
    void scorer_whereGiven_scoresAnew() throws IOException {
        String rollouts = "rollouts=" + ROLLOUTS;
        done(policy("own", List.of(rollouts, "max_steps=1", "shuffle=false")));
        JsonNode own = CommandRun.rows(directory.resolve("own/metrics.jsonl")).get(0);
        assertThat(own.path("rewards/recorded/mean").doubleValue()).isBetween(0.0407, 0.0408);
        done(policy("rule", List.of(rollouts, "max_steps=1", "rule=brevity", "scorer_instances=2")));
        JsonNode rule = CommandRun.rows(directory.resolve("rule/metrics.jsonl")).get(0);
        assertThat(rule.path("rewards/rule:brevity/mean").doubleValue()).isLessThan(-5);
        assertThat(rule.has("rewards/recorded/mean")).isFalse();
    }

    /** An answer whose score is null is left out and counted, as one that a scorer gave none. */
    @Test
    void nullScores_areUnscored() throws IOException {
        Path file = changed(1, row -> ((ArrayNode) row.path("scores")).setNull(2));
        done(policy("run", List.of("rollouts=" + file, "max_steps=1", "algorithm=grpo", "shuffle=false")));
        List<JsonNode> samples = CommandRun.rows(directory.resolve("run/samples.jsonl"));
        assertThat(samples.get(2).path("score").isNull()).isTrue();
        assertThat(samples.get(2).path("problem").textValue()).isEqualTo("recorded without a score");
        assertThat(CommandRun.rows(directory.resolve("run/metrics.jsonl"))
                        .get(0)
                        .path("completions/unscored_ratio")
                        .doubleValue())
                .isEqualTo(1 / 8.0);
    }

    /** The file has four answers to a prompt, whatever the algorithm samples by default. */
    @Test
    void replacedPrompts_countTheRecordedAnswers() throws IOException {
        List<String> keys = List.of(
                "rollouts=" + ROLLOUTS, "algorithm=reinforce_plus_plus", "dynamic_sampling=true", "max_steps=1");
        done(policy("run", keys));
        assertThat(CommandRun.rows(directory.resolve("run/metrics.jsonl"))
                        .get(0)
                        .has("dynamic_sampling/pass_rate"))
                .isTrue();
        Path single = changed(1, row -> {});
        List<String> lines = new ArrayList<>();
        for (JsonNode row : CommandRun.rows(single)) {
            while (row.path("completions").size() > 1) {
                ((ArrayNode) row.path("completions")).remove(0);
                ((ArrayNode) row.path("scores")).remove(0);
            }
            lines.add(row.toString());
        }
        Files.write(single, lines);
        List<String> ones = new ArrayList<>(keys);
        ones.set(0, "rollouts=" + single);
        CommandRun refused = policy("single", ones);
        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains("dynamic_sampling: expected false with one answer to each prompt");
    }

    /** Distillation alone asks for no reward, and remax has its greedy answers from the student and their scores from a rule. */
    @Test
    void unscoredAnswers_teachByATeacher_orByGreedyAnswers() throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode row : CommandRun.rows(ROLLOUTS)) {
            lines.add(((ObjectNode) row).without("scores").toString());
        }
        String rollouts = "rollouts=" + Files.write(directory.resolve("unscored.jsonl"), lines);
        String teacher = "distill_teacher=" + Golden.dir("tiny-teacher");
        CommandRun replaced =
                policy("replaced", List.of(rollouts, "algorithm=opd", teacher, "dynamic_sampling=true", "max_steps=2"));
        assertThat(replaced.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(replaced.err()).contains("unscored.jsonl:1: scores: missing, expected one per answer, or a scorer");
        done(policy("opd", List.of(rollouts, "algorithm=opd", teacher, "max_steps=2")));
        JsonNode step = CommandRun.rows(directory.resolve("opd/metrics.jsonl")).get(1);
        assertThat(step.path("grad_norm").doubleValue()).isPositive();
        done(policy("remax", List.of(rollouts, "algorithm=remax", "rule=brevity", "max_steps=1")));
        assertThat(CommandRun.rows(directory.resolve("remax/metrics.jsonl"))
                        .get(0)
                        .has("reward_greedy"))
                .isTrue();
    }

    @Test
    void generatedAnswers_scoredByARule_areLearntFrom() throws IOException {
        Path answers = directory.resolve("answers.jsonl");
        done(CommandRun.of(
                "generate",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + answers,
                "max_rows=4",
                "num_generations=2",
                "temperature=0.8",
                "max_new_tokens=6"));
        JsonNode answer = CommandRun.rows(answers).get(0).path("completions").path(0);
        assertThat(answer.path("sampling_logprobs")).hasSameSizeAs(answer.path("logprobs"));
        assertThat(answer.path("sampling_logprobs")).isNotEqualTo(answer.path("logprobs"));
        done(policy("run", List.of("rollouts=" + answers, "rule=brevity", "temperature=0.8", "num_train_epochs=1")));
        List<JsonNode> steps = CommandRun.rows(directory.resolve("run/metrics.jsonl"));
        assertThat(steps).hasSize(1);
        assertThat(steps.get(0).path("sampling/sampling_logp_difference/max").doubleValue())
                .as("the student itself sampled them at this temperature")
                .isBetween(0.0, 1e-4);
    }

    /** All before a model loads: this one has no weights. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            token_ids     | :3: key "completions[1].token_ids[0]": expected a token id in [0, 512), the model's vocabulary, found 512
            scores        | :3: scores: missing, expected one per answer, or a scorer: one of reward_model, teacher, teacher_url and rule
            completions   | :3: completions: expected 4 answers, as the first prompt has, found 3
            prompt        | :3: prompt: expected 1 to 200 tokens, what max_length or the model's context leaves after max_completion_length, found
            finish_reason | :3: key "completions[1].finish_reason": expected one of stop, length, cancelled, deadline, found "eos"
            """)
    void badRow_isRefused_withFileAndLine(String field, String message) throws IOException {
        Path model = Files.createDirectory(directory.resolve("model"));
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja")) {
            Files.copy(Golden.dir("tiny-chat").resolve(name), model.resolve(name));
        }
        Path file = changed(3, row -> {
            ObjectNode answer = (ObjectNode) row.path("completions").path(1);
            switch (field) {
                case "token_ids" -> ((ArrayNode) answer.path("token_ids")).set(0, 512);
                case "scores" -> row.remove("scores");
                case "completions" -> {
                    ((ArrayNode) row.path("completions")).remove(0);
                    ((ArrayNode) row.path("scores")).remove(0);
                }
                case "prompt" -> row.put("prompt", "word ".repeat(300));
                default -> answer.put("finish_reason", "eos");
            }
        });
        CommandRun run = CommandRun.of(
                "policy",
                "model=" + model,
                "rollouts=" + file,
                "output=" + directory.resolve("run"),
                "max_completion_length=24",
                "max_length=224",
                "over_length=refuse");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains(file + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            max_steps=1                           | data: expected exactly one of data and rollouts, found neither
            data=DATA rollouts=ROLLOUTS           | data: expected exactly one of data and rollouts, found both
            data=DATA                             | reward_model: expected exactly one of reward_model, teacher, teacher_url and rule
            rollouts=ROLLOUTS batch_size=6        | batch_size x gradient_accumulation_steps to be a multiple of num_generations (4), found 6
            rollouts=ROLLOUTS num_generations=3 batch_size=8 | be a multiple of num_generations (3), found 8
            rollouts=ROLLOUTS algorithm=remax     | reward_model: expected one of reward_model, teacher, teacher_url and rule, since the greedy answers
            rollouts=ROLLOUTS eval_data=DATA      | reward_model: expected one of reward_model, teacher, teacher_url and rule, since answers to eval_data
            rollouts=ROLLOUTS cluster.listen=127.0.0.1:1     | cluster: expected nothing where rollouts is given
            """)
    void keysThatDoNotFit_areRefused(String keys, String message) {
        List<String> words = new ArrayList<>(List.of("policy", "model=" + Golden.dir("tiny-chat")));
        words.addAll(List.of(keys.replace("DATA", Golden.file("pairs.jsonl").toString())
                .replace("ROLLOUTS", ROLLOUTS.toString())
                .split(" ")));
        words.add("output=" + directory.resolve("run"));
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(message);
    }

    /** The golden rows with a change to one line. */
    private Path changed(int line, Consumer<ObjectNode> change) throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode row : CommandRun.rows(ROLLOUTS)) {
            if (lines.size() + 1 == line) {
                change.accept((ObjectNode) row);
            }
            lines.add(row.toString());
        }
        return Files.write(directory.resolve("changed.jsonl"), lines);
    }

    private static void done(CommandRun run) {
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
    }

    private CommandRun policy(String output, List<String> more) {
        List<String> words = new ArrayList<>(List.of(
                "policy",
                "model=" + Golden.dir("tiny-chat"),
                "output=" + directory.resolve(output),
                "max_completion_length=24",
                "batch_size=8",
                "learning_rate=1e-3",
                "lr_scheduler_type=constant"));
        words.addAll(more);
        return CommandRun.of(words.toArray(String[]::new));
    }
}
