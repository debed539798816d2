package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    @Test
    void policy_againstARule_leavesAWholeRun() throws IOException {
        CommandRun run = policy(
                "run",
                "rule=brevity",
                "max_steps=3",
                "save_steps=2",
                "metrics_port=0",
                "dashboard=true",
                "dashboard_port=0");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        Path output = directory.resolve("run");
        List<JsonNode> steps = CommandRun.rows(output.resolve("metrics.jsonl"));
        assertThat(steps)
                .hasSize(3)
                .allMatch(step -> step.has("rewards/rule:brevity/mean") && step.has("objective/kl"));
        List<JsonNode> samples = CommandRun.rows(output.resolve("samples.jsonl"));
        assertThat(samples).hasSize(24).allMatch(sample -> sample.path("score").isNumber());
        assertThat(samples.get(0).path("prompt").path(0).path("role").textValue())
                .isEqualTo("user");
        assertThat(output.resolve("checkpoints/step-2/policy.jsonl")).exists();
        assertThat(output.resolve("summary.json")).content().contains("\"samples\" : 24", "\"groups_skipped\" : 0");
        for (String file : List.of("config.yaml", "report.html", "model/config.json", "model/tokenizer.json")) {
            assertThat(output.resolve(file)).exists();
        }
        assertThat(output.resolve("dead-letters.jsonl")).doesNotExist();
        for (JsonNode sample : samples) {
            int tokens = sample.path("token_ids").size();
            assertThat(sample.path("log_ratios")).hasSize(tokens);
            boolean spelt = !sample.path("completion").textValue().contains("\ufffd");
            assertThat(sample.path("token_ends")).hasSize(spelt ? tokens : 0);
        }
        assertThat(output.resolve("status.json")).content().contains("\"state\" : \"finished\"", "\"total_steps\" : 3");
        assertThat(run.err())
                .contains("live page at http://127.0.0.1:", "meters at http://127.0.0.1:", " reward -", "objective/kl");
    }

    /** The reward model of one command scores for the next, which writes its metrics under that key's name. */
    @Test
    void policy_againstARewardModel_orATeacher_usesIt() throws IOException {
        Path reward = directory.resolve("reward");
        CommandRun trained = CommandRun.of(
                "reward",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + reward,
                "max_steps=2",
                "learning_rate=1e-3");
        assertThat(trained.code()).as(trained.err()).isEqualTo(ExitCode.DONE);
        CommandRun byReward =
                policy("by-reward", "reward_model=" + reward.resolve("model"), "max_steps=1", "algorithm=grpo");
        assertThat(byReward.code()).as(byReward.err()).isEqualTo(ExitCode.DONE);
        JsonNode step =
                CommandRun.rows(directory.resolve("by-reward/metrics.jsonl")).get(0);
        assertThat(step.path("rewards/reward_model/mean").doubleValue())
                .isEqualTo(step.path("reward").doubleValue());
        assertThat(step.has("objective/kl")).as("GRPO keeps no reference").isFalse();
        CommandRun byTeacher = policy("by-teacher", "teacher=" + STUDENT, "max_steps=1", "algorithm=ppo");
        assertThat(byTeacher.code()).as(byTeacher.err()).isEqualTo(ExitCode.DONE);
        double likelihood = CommandRun.rows(directory.resolve("by-teacher/metrics.jsonl"))
                .get(0)
                .path("rewards/teacher/mean")
                .doubleValue();
        assertThat(likelihood).as("nats per token").isBetween(-10.0, -3.0);
        CommandRun refused = policy("refused", "reward_model=" + STUDENT, "max_steps=1");
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains("is a language model, expected a reward model");
    }

    @Test
    void policy_resumed_equalsOneRun() throws IOException {
        assertThat(policy("straight", "rule=brevity", "max_steps=4").code()).isEqualTo(ExitCode.DONE);
        assertThat(policy("halves", "rule=brevity", "max_steps=2").code()).isEqualTo(ExitCode.DONE);
        CommandRun more = policy("halves", "rule=brevity", "max_steps=4", "resume=true", "scorer_instances=3");
        assertThat(more.code()).as(more.err()).isEqualTo(ExitCode.DONE);
        for (String file : List.of("samples.jsonl", "model/model.safetensors")) {
            assertThat(directory.resolve("halves").resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("straight").resolve(file));
        }
        CommandRun other = policy("halves", "rule=distinct_words", "max_steps=6", "resume=true");
        assertThat(other.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(other.err()).contains("rule: was brevity, is distinct_words");
    }

    /** The batch that was given up is sampled again, with a higher limit until it is full. */
    @Test
    void policy_endedByTheLimitOfDynamicSampling_goesOnWithAHigherOne() throws IOException {
        String[] keys = {
            "rule=brevity",
            "algorithm=grpo",
            "num_generations=4",
            "dynamic_sampling=true",
            "learning_rate=1e-9",
            "seed=1",
            "max_steps=4",
            "resume=true",
            "max_num_gen_batches=1"
        };
        CommandRun ended = policy("run", keys);
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.TEACHER_FAILED);
        assertThat(ended.err())
                .contains("checkpoints/step-2", "after 1 batches (max_num_gen_batches)", "can be resumed");
        keys[8] = "max_num_gen_batches=50";
        CommandRun resumed = policy("run", keys);
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
        assertThat(resumed.err()).contains("resuming after step 2 of 4");
        assertThat(policy("straight", keys).code()).isEqualTo(ExitCode.DONE);
        assertThat(directory.resolve("run/samples.jsonl"))
                .hasSameBinaryContentAs(directory.resolve("straight/samples.jsonl"));
    }

    /** Of what the loss has no weights for, none need be said. */
    @Test
    void policy_vespoOnStaleSamples_needsNoImportanceWeights() throws IOException {
        CommandRun run = policy(
                "run",
                "rule=brevity",
                "loss_type=vespo",
                "recompute_old_logps=true",
                "max_staleness=1",
                "importance_sampling_mode=none",
                "max_steps=2");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        CommandRun clipped = policy(
                "clipped",
                "rule=brevity",
                "recompute_old_logps=true",
                "max_staleness=1",
                "importance_sampling_mode=none",
                "max_steps=2");
        assertThat(clipped.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(clipped.err()).contains("importance_sampling_mode: expected a correction where max_staleness is");
    }

    /** As rank online, before a model loads. */
    @Test
    void policy_filtersWithServers_areRefusedFirst() {
        CommandRun run = policy("run", "rule=brevity", "max_steps=1", "rollout_url=http://127.0.0.1:9/v1", "top_p=0.9");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("rollout_url: expected top_p 1, top_k 0 and min_p 0 where servers sample for a learner, found"
                        + " 0.9, 0 and 0.0");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @Test
    void policy_byCopiesOfTheStudent_samplesTheSame_andMayRunAhead() throws IOException {
        assertThat(policy("itself", "rule=brevity", "max_steps=3").code()).isEqualTo(ExitCode.DONE);
        for (String copies : List.of("1", "2")) {
            CommandRun run = policy("copies" + copies, "rule=brevity", "max_steps=3", "generators=" + copies);
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(directory.resolve("copies" + copies).resolve("samples.jsonl"))
                    .hasSameBinaryContentAs(directory.resolve("itself/samples.jsonl"));
        }
        JsonNode actors =
                ModelJson.read(directory.resolve("copies2/summary.json")).path("actors");
        for (String copy : List.of("generator-0", "generator-1")) {
            assertThat(actors).as("each samples half of every step").anySatisfy(actor -> {
                assertThat(actor.path("actor").textValue()).isEqualTo(copy);
                assertThat(actor.path("prompts").intValue()).isEqualTo(6);
            });
        }
        CommandRun ahead =
                policy("ahead", "rule=brevity", "max_steps=3", "generators=2", "max_staleness=1", "on_stale=drop");
        assertThat(ahead.code()).as(ahead.err()).isEqualTo(ExitCode.DONE);
        assertThat(CommandRun.rows(directory.resolve("ahead/samples.jsonl"))).hasSize(24);
    }

    /** Only the adapter is published to copies of a student that trains one. */
    @Test
    void policy_byCopiesOfAStudentWithAnAdapter_samplesTheSame() throws IOException {
        assertThat(policy("itself", "rule=brevity", "max_steps=3", "lora_r=4", "learning_rate=1e-2")
                        .code())
                .isEqualTo(ExitCode.DONE);
        CommandRun run =
                policy("copies", "rule=brevity", "max_steps=3", "lora_r=4", "learning_rate=1e-2", "generators=2");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        for (String file : List.of("samples.jsonl", "model/adapter_model.safetensors")) {
            assertThat(directory.resolve("copies").resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("itself").resolve(file));
        }
    }

    /** No prompt has the column: told with file and line before a model loads. */
    @Test
    void policy_ruleWithoutItsColumn_isRefusedAtTheRow() {
        CommandRun run = policy("run", "rule=contains_answer", "max_steps=3");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err())
                .contains("pairs.jsonl:1: rule=contains_answer: expected a column answer for the rule, found the"
                        + " columns [");
    }

    @Test
    void policy_impossibleKeys_areRefusedTogether() {
        CommandRun run = CommandRun.of(
                "policy",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "num_generations=3",
                "max_completion_length=2000",
                "kl_target=1",
                "beta=0");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains(
                        "reward_model: expected exactly one of reward_model, teacher, teacher_url and rule, or"
                                + " reward_weights, found 0",
                        "kl_target: expected nothing where beta is 0, found 1.0",
                        "batch_size: expected batch_size x gradient_accumulation_steps to be a multiple of"
                                + " num_generations (3), found 8",
                        "max_length: expected more than max_completion_length 2000, found 1024");
    }

    private CommandRun policy(String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "policy",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve(output),
                "batch_size=8",
                "max_completion_length=8",
                "lr_scheduler_type=constant"));
        arguments.addAll(Arrays.asList(more));
        if (Arrays.stream(more).noneMatch(key -> key.startsWith("learning_rate="))) {
            arguments.add("learning_rate=1e-3");
        }
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
