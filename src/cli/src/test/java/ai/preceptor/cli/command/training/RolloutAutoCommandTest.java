package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.cli.WaitingRule;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.cluster.WorkerConfig;
import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.RolloutDtype;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.StepsInJava;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rollout_dtype=auto}. Which is faster is the machine's matter; the tests take what was chosen from its record. */
@Tag("steps-in-java")
class RolloutAutoCommandTest {
    private static final String AUTO = "rollout_dtype=auto";
    private static final Pattern MEASURED = Pattern.compile(
            "rollout_dtype: (none|float32) \\(a step of (\\d+) rows? takes [0-9.]+ ms, (libtorch|Java)'s [0-9.]+ ms\\)\n");

    /** What the launcher adds, and C2. */
    private static final List<String> STEPS_IN_JAVA =
            List.of("--add-modules", "jdk.incubator.vector", "-XX:TieredStopAtLevel=4");

    @TempDir
    Path directory;

    @BeforeEach
    void requireStepsInJava() {
        StepsInJava.assumePossible();
    }

    private Path prompts() throws IOException {
        return Files.writeString(
                directory.resolve("prompts.jsonl"),
                "{\"prompt\": \"One\"}\n{\"prompt\": \"Two\"}\n{\"prompt\": \"Three\"}\n");
    }

    private List<String> generate(String name, String key) throws IOException {
        return new ArrayList<>(List.of(
                "generate",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + prompts(),
                "output=" + directory.resolve(name),
                "num_generations=2",
                "max_new_tokens=12",
                key));
    }

    private static CommandRun done(List<String> words) {
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return run;
    }

    /** What a command said that it measured. */
    private static Matcher measured(CommandRun run) {
        Matcher line = MEASURED.matcher(run.err());
        assertThat(line.find()).as(run.err()).isTrue();
        return line;
    }

    /** The key that asks for what auto came to; none is no value of it. */
    private static String key(String chosen) {
        return chosen.equals("none") ? "seed=42" : "rollout_dtype=" + chosen;
    }

    @Test
    void generate_auto_isWhatItChose() throws IOException {
        Matcher line = measured(done(generate("auto.jsonl", AUTO)));
        assertThat(line.group(2)).isEqualTo("6");
        done(generate("chosen.jsonl", key(line.group(1))));
        assertThat(directory.resolve("auto.jsonl")).hasSameTextualContentAs(directory.resolve("chosen.jsonl"));
    }

    @Test
    void generate_autoWithoutTheModule_isToday() throws Exception {
        List<String> words = generate("auto.jsonl", AUTO);
        words.add("device=cpu");
        ProgramProcess process = ProgramProcess.start(directory.resolve("log"), List.of(), words);
        assertThat(process.end()).as(process.output()).isEqualTo(ExitCode.DONE.number());
        assertThat(process.output())
                .contains("rollout_dtype: none, because Java was started without --add-modules jdk.incubator.vector\n");
        done(generate("none.jsonl", "seed=42"));
        assertThat(directory.resolve("auto.jsonl")).hasSameTextualContentAs(directory.resolve("none.jsonl"));
    }

    private List<String> policy(String name, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "policy",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + prompts(),
                "output=" + directory.resolve(name),
                "max_completion_length=12",
                "save_steps=2",
                "learning_rate=1e-3",
                "lr_scheduler_type=constant",
                "batch_size=4"));
        if (Stream.of(more).noneMatch(word -> word.startsWith("rule="))) {
            words.add("rule=brevity");
        }
        words.addAll(List.of(more));
        return words;
    }

    private JsonNode json(String file) throws IOException {
        return new JsonMapper().readTree(directory.resolve(file).toFile());
    }

    @Test
    void policy_auto_isChosenOnceARun() throws IOException {
        Matcher line = measured(done(policy("halves", AUTO, "max_steps=2")));
        JsonNode recorded = json("halves/rollout.json");
        assertThat(recorded.path("rollout_dtype").textValue()).isEqualTo(line.group(1));
        assertThat(recorded.path("rows").intValue()).isEqualTo(4);
        assertThat(recorded.path("java_ms").doubleValue()).isPositive();
        assertThat(recorded.path("libtorch_ms").doubleValue()).isPositive();
        assertThat(json("halves/summary.json").path("rollout")).isEqualTo(recorded);

        CommandRun resumed = done(policy("halves", AUTO, "max_steps=4", "resume=true"));
        assertThat(resumed.err())
                .contains("rollout_dtype: " + line.group(1) + ", as the run began\n")
                .doesNotContainPattern(MEASURED);
        assertThat(json("halves/rollout.json")).isEqualTo(recorded);
        assertThat(json("halves/summary.json").path("rollout")).isEqualTo(recorded);
        done(policy("whole", key(line.group(1)), "max_steps=4"));
        assertThat(directory.resolve("halves/model/model.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("whole/model/model.safetensors"));
        assertThat(directory.resolve("halves/samples.jsonl"))
                .hasSameTextualContentAs(directory.resolve("whole/samples.jsonl"));
    }

    /** The other choice than this machine's, as if the run had begun elsewhere. */
    @Test
    void policy_resumedWithAnotherChoice_keepsIt() throws IOException {
        done(policy("run", AUTO, "max_steps=2"));
        boolean java =
                json("run/rollout.json").path("rollout_dtype").textValue().equals("float32");
        String other = java ? "none" : "float32";
        Files.writeString(
                directory.resolve("run/rollout.json"),
                "{\"rollout_dtype\": \"" + other + "\", \"rows\": 4, \"java_ms\": 1, \"libtorch_ms\": 2}\n");
        CommandRun resumed = done(policy("run", AUTO, "max_steps=4", "resume=true"));
        assertThat(resumed.err()).contains("rollout_dtype: " + other + ", as the run began\n");
        assertThat(json("run/summary.json").at("/rollout/rollout_dtype").textValue())
                .isEqualTo(other);
    }

    @Test
    void policy_resumedWhereItsChoiceIsImpossible_isRefused() throws Exception {
        done(policy("run", AUTO, "max_steps=2"));
        Path record = Files.writeString(directory.resolve("run/rollout.json"), "{\"rollout_dtype\": \"float32\"}\n");
        List<String> words = policy("run", AUTO, "max_steps=4", "resume=true", "device=cpu");
        ProgramProcess process = ProgramProcess.start(directory.resolve("log"), List.of(), words);
        assertThat(process.end()).as(process.output()).isEqualTo(ExitCode.BAD_CONFIGURATION.number());
        assertThat(process.output())
                .contains("rollout_dtype: auto was float32 when the run began (" + record + "), which is not possible"
                        + " here, because Java was started without --add-modules jdk.incubator.vector");

        Files.writeString(record, "{\"rollout_dtype\": \"auto\"}\n");
        CommandRun damaged = CommandRun.of(words.subList(0, words.size() - 1).toArray(String[]::new));
        assertThat(damaged.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(damaged.err())
                .contains(record + ": rollout_dtype: expected none, float32, bfloat16 or int8, found \"auto\"");
    }

    /** Killed without notice in the middle of its steps, it goes on as it began. The sixth step waits for the end of the process. */
    @Test
    void policy_killedAndResumed_equalsTheUndisturbedRun() throws Exception {
        String rule = "rule=" + WaitingRule.write(directory, 20); // it waits in the sixth batch of four
        ProgramProcess process = ProgramProcess.start(
                directory.resolve("log"),
                Stream.concat(STEPS_IN_JAVA.stream(), Stream.of(WaitingRule.WAITS))
                        .toList(),
                with("device=cpu", policy("killed", AUTO, "max_steps=8", rule)));
        process.await(directory.resolve("killed/metrics.jsonl"), 5);
        process.process().destroyForcibly().waitFor();
        JsonNode recorded = json("killed/rollout.json");
        String chosen = recorded.path("rollout_dtype").textValue();
        CommandRun resumed = done(with("resume=true", policy("killed", AUTO, "max_steps=8", rule)));
        assertThat(resumed.err())
                .contains("rollout_dtype: " + chosen + ", as the run began\n", "resuming after step 4");
        assertThat(json("killed/rollout.json")).isEqualTo(recorded);
        done(policy("straight", key(chosen), "max_steps=8", rule));
        assertThat(directory.resolve("killed/model/model.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("straight/model/model.safetensors"));
    }

    private static List<String> with(String word, List<String> words) {
        words.add(word);
        return words;
    }

    /** A worker is told what the learner chose, and measures nothing. */
    @Test
    void worker_takesTheLearnersChoice() throws Exception {
        int port = new ClusterAddress("127.0.0.1", 0).withFreePort().port();
        ProgramProcess worker = ProgramProcess.start(
                directory.resolve("worker.log"),
                STEPS_IN_JAVA,
                List.of(
                        "worker",
                        "model=" + Golden.dir("tiny-chat"),
                        "device=cpu",
                        "cluster.members=[127.0.0.1:" + port + "]"));
        try {
            String chosen = measured(done(policy("workers", AUTO, "max_steps=2", "cluster.listen=127.0.0.1:" + port)))
                    .group(1);
            assertThat(worker.end()).as(worker.output()).isZero();
            assertThat(worker.output()).contains("joined; generates").doesNotContain("rollout_dtype");
            done(policy("alone", key(chosen), "max_steps=2"));
            assertThat(directory.resolve("workers/samples.jsonl"))
                    .hasSameTextualContentAs(directory.resolve("alone/samples.jsonl"));
        } finally {
            worker.process().destroyForcibly();
        }
    }

    @Test
    void workerJob_hasTheChoice_notTheKey() throws IOException {
        PolicyConfig learner = Settings.of(PolicyConfig.class)
                .with("model", Golden.dir("tiny-chat"))
                .with("data", prompts())
                .with("rule", "brevity")
                .with("rollout_dtype", "auto")
                .with("max_completion_length", 4)
                .with("cluster.listen", "127.0.0.1:5701")
                .read();
        WorkerConfig worker = Settings.of(WorkerConfig.class)
                .with("model", Golden.dir("tiny-chat"))
                .with("cluster.members", List.of("127.0.0.1:5701"))
                .read();
        for (DecodeSettings chosen : List.of(DecodeSettings.TENSORS, new DecodeSettings(RolloutDtype.FLOAT32))) {
            WorkerJob job = WorkerJob.parse(WorkerJob.offer(
                            learner,
                            chosen,
                            Objects.requireNonNull(learner.learner().cluster()))
                    .description());
            assertThat(job.samplingHere(worker).decode()).isEqualTo(chosen);
        }
    }

    /** An earlier process's choice is none of a run that begins anew. */
    @Test
    void policy_notResumed_choosesAgain() throws IOException {
        Path run = Files.createDirectory(directory.resolve("run"));
        Files.createFile(run.resolve("run.lock")); // of a process that died before its first step
        Files.writeString(run.resolve("rollout.json"), "{\"rollout_dtype\": \"int8\"}\n");
        measured(done(policy("run", AUTO, "max_steps=1")));
        assertThat(json("run/rollout.json").path("rows").intValue()).isEqualTo(4);
    }
}
