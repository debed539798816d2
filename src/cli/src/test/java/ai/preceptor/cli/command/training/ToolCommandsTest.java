package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.PolicyWorkers;
import ai.preceptor.Preceptor;
import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.cluster.WorkerConfig;
import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.tool.ToolSettings;
import ai.preceptor.rollout.worker.WorkerHost;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tiny model that has learnt by heart to call a tool, and to say what it was given. */
class ToolCommandsTest {
    private static final String CALL = "<tool_call>{\"name\": \"t\", \"arguments\": {\"a\": 2}}</tool_call>";
    private static final String SCHEMA = "{\"type\":\"function\",\"function\":{\"name\":\"t\",\"description\":\"d\","
            + "\"parameters\":{\"type\":\"object\"}}}";

    @TempDir
    static Path directory;

    private static Path model;
    private static Path rows;
    private static Path tool;
    private static Path template;

    @BeforeAll
    static void learn() throws IOException {
        tool = tool("Twice", "return \"\" + 2 * ((Number) arguments.get(\"a\")).intValue();");
        template = Files.writeString(directory.resolve("tools.txt"), "{{tools}}\n");
        String asked = message("system", SCHEMA) + ", " + message("user", "twice 2?");
        String given = asked + ", " + message("assistant", CALL) + ", " + message("tool", "4");
        Path shown = Files.writeString(
                directory.resolve("shown.jsonl"),
                "{\"prompt\": [" + asked + "], \"completion\": [" + message("assistant", CALL) + "]}\n"
                        + "{\"prompt\": [" + given + "], \"completion\": [" + message("assistant", "4!") + "]}\n");
        rows = Files.writeString(
                directory.resolve("rows.jsonl"),
                "{\"prompt\": [" + message("user", "twice 2?") + "], \"answers\": [\"4\"]}\n");
        CommandRun sft = CommandRun.of(
                "sft",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + shown,
                "output=" + directory.resolve("sft"),
                "batch_size=2",
                "max_steps=150",
                "learning_rate=3e-3",
                "lr_scheduler_type=constant",
                "save_steps=0",
                "threads=1");
        assertThat(sft.code()).as(sft.err()).isEqualTo(ExitCode.DONE);
        model = directory.resolve("sft/model");
    }

    private static Path tool(String name, String body) throws IOException {
        return Files.writeString(directory.resolve(name + ".java"), """
                import java.util.Map;

                public class %s implements ai.preceptor.data.tool.Tool {
                    public String name() {
                        return "t";
                    }

                    public String description() {
                        return "d";
                    }

                    public Map<String, Object> parameters() {
                        return Map.of("type", "object");
                    }

                    public String call(Map<String, Object> arguments) {
                        %s
                    }
                }
                """.formatted(name, body));
    }

    private static String message(String role, String text) {
        return "{\"role\": \"" + role + "\", \"content\": \"" + text.replace("\"", "\\\"") + "\"}";
    }

    private static CommandRun run(String command, String output, String... keys) {
        List<String> all =
                new ArrayList<>(List.of(command, "model=" + model, "output=" + directory.resolve(output), "threads=1"));
        all.addAll(Arrays.asList(keys));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return run;
    }

    private static JsonNode generated(Path source) throws IOException {
        run(
                "generate",
                "generated.jsonl",
                "data=" + rows,
                "tools=" + source,
                "tool_template=" + template,
                "temperature=0",
                "max_new_tokens=120");
        return CommandRun.rows(directory.resolve("generated.jsonl"))
                .get(0)
                .path("completions")
                .get(0);
    }

    @Test
    void generate_withATool_callsIt_andGoesOn() throws IOException {
        JsonNode answer = generated(tool);
        assertThat(answer.path("text").asText()).isEqualTo("4!");
        assertThat(answer.path("tool_turns").get(0).path("said").asText()).isEqualTo(CALL);
        assertThat(answer.path("tool_turns").get(0).path("outputs").get(0).asText())
                .isEqualTo("4");
        assertThat(answer.path("tool_calls").asInt()).isEqualTo(1);
        assertThat(answer.path("tool_failures").asInt()).isZero();
        assertThat(answer.path("tool_mask")).hasSameSizeAs(answer.path("token_ids"));
    }

    @Test
    void generate_toolThatThrows_givesTheModelItsMessage() throws IOException {
        JsonNode answer = generated(tool("Broken", "throw new IllegalStateException(\"no numbers today\");"));
        assertThat(answer.path("tool_turns").get(0).path("outputs").get(0).asText())
                .isEqualTo("{\"error\":\"no numbers today\"}");
        assertThat(answer.path("tool_failures").asInt()).isEqualTo(1);
    }

    @Test
    void eval_withTheTool_scoresTheLastTurn() throws IOException {
        Path described = Files.writeString(
                directory.resolve("described.jsonl"),
                "{\"prompt\": [" + message("system", SCHEMA) + ", " + message("user", "twice 2?")
                        + "], \"answers\": [\"4\"]}\n");
        run("eval", "eval-without", "data=" + described, "rule=exact_match", "temperature=0", "max_new_tokens=120");
        run(
                "eval",
                "eval-with",
                "data=" + rows,
                "rule=exact_match",
                "temperature=0",
                "max_new_tokens=120",
                "tools=[" + tool + "]",
                "tool_template=" + template);
        assertThat(Files.readString(directory.resolve("eval-without/summary.json")))
                .contains("\"rule_score\" : 0.0");
        assertThat(Files.readString(directory.resolve("eval-with/summary.json")))
                .contains("\"rule_score\" : 1.0");
    }

    /** Sampled with the tool, then learnt from again from the file: the tokens of tools are left out both times. */
    @Test
    void policy_withATool_learnsFromWhatWasSampled_andFromItsRecord() throws IOException {
        String[] small = {
            "rule=f1", "num_generations=4", "batch_size=4", "max_steps=2", "max_completion_length=120", "algorithm=grpo"
        };
        List<String> sampling = new ArrayList<>(Arrays.asList(small));
        sampling.addAll(List.of("data=" + rows, "tools=" + tool, "tool_template=" + template));
        run("policy", "policy", sampling.toArray(String[]::new));
        Path samples = directory.resolve("policy/samples.jsonl");
        assertThat(CommandRun.rows(samples)).hasSize(8).anyMatch(row -> row.has("tool_mask"));
        assertThat(Files.readString(directory.resolve("policy/metrics.jsonl"))).contains("\"tools/call_frequency\":");
        assertThat(directory.resolve("policy/plugins/Twice.java")).hasSameBinaryContentAs(tool);
        assertThat(directory.resolve("policy/config.yaml")).content().contains("# tools[0]: Twice.java (SHA-256");
        List<String> recorded = new ArrayList<>(Arrays.asList(small));
        recorded.add("rollouts=" + samples);
        run("policy", "recorded", recorded.toArray(String[]::new));
        assertThat(CommandRun.rows(directory.resolve("recorded/samples.jsonl"))
                        .get(0)
                        .get("token_ids"))
                .isEqualTo(CommandRun.rows(samples).get(0).get("token_ids"));
    }

    private static List<String> stepByStep(String output, int steps, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "policy",
                "model=" + model,
                "output=" + directory.resolve(output),
                "rule=f1",
                "algorithm=grpo",
                "num_generations=4",
                "batch_size=4",
                "max_completion_length=120",
                "lr_scheduler_type=constant",
                "max_steps=" + steps,
                "save_steps=1",
                "threads=1"));
        words.addAll(Arrays.asList(more));
        return words;
    }

    private static void assertSameRun(String run, String straight) {
        for (String file : List.of("samples.jsonl", "model/model.safetensors", "checkpoints/step-6/policy.jsonl")) {
            assertThat(directory.resolve(run).resolve(file))
                    .hasSameBinaryContentAs(directory.resolve(straight).resolve(file));
        }
    }

    /** As if the power had failed; then the same from the record, whose answers have turns of tools. */
    @Test
    void policy_killedAndResumed_equalsTheStraightRun() throws Exception {
        String[] sampling = {"data=" + rows, "tools=" + tool, "tool_template=" + template, "num_iterations=2"};
        CommandRun whole = CommandRun.of(stepByStep("whole", 6, sampling).toArray(String[]::new));
        assertThat(whole.code()).as(whole.err()).isEqualTo(ExitCode.DONE);
        Path samples = directory.resolve("whole/samples.jsonl");
        assertThat(CommandRun.rows(samples)).hasSize(12).anyMatch(row -> row.has("tool_turns"));
        ProgramProcess first =
                ProgramProcess.start(directory.resolve("first.log"), List.of(), stepByStep("killed", 6, sampling));
        first.await(directory.resolve("killed/checkpoints/step-1/policy.jsonl"));
        first.process().destroyForcibly();
        assertThat(first.end()).as(first.output()).isEqualTo(137);
        assertThat(directory.resolve("killed/summary.json")).doesNotExist();
        List<String> again = stepByStep("killed", 6, sampling);
        again.add("resume=true");
        CommandRun second = CommandRun.of(again.toArray(String[]::new));
        assertThat(second.code()).as(second.err()).isEqualTo(ExitCode.DONE);
        assertThat(second.err()).contains("resuming after step ");
        assertSameRun("killed", "whole");
        String[] recorded = {"rollouts=" + samples, "num_iterations=2", "resume=true"};
        for (int steps : List.of(3, 6)) {
            CommandRun part = CommandRun.of(stepByStep("parts", steps, recorded).toArray(String[]::new));
            assertThat(part.code()).as(part.err()).isEqualTo(ExitCode.DONE);
        }
        CommandRun one = CommandRun.of(stepByStep("one", 6, recorded).toArray(String[]::new));
        assertThat(one.code()).as(one.err()).isEqualTo(ExitCode.DONE);
        assertSameRun("parts", "one");
    }

    /** Commands that answer in one turn do not ignore tools. */
    @ParameterizedTest
    @ValueSource(
            strings = {"rank online=true rule=f1", "elicit rule=f1", "distill lmbda=1 teacher=MODEL", "serve", "sft"})
    void commandsOfOneTurn_refuseTools(String command) {
        List<String> words = new ArrayList<>(
                Arrays.asList(command.replace("MODEL", model.toString()).split(" ")));
        words.addAll(List.of("model=" + model, "tools=" + tool));
        if (!command.equals("serve")) {
            words.addAll(List.of("data=" + rows, "output=" + directory.resolve("refused")));
        }
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("tools: unknown key, found \"" + tool + "\"");
        assertThat(directory.resolve("refused")).doesNotExist();
    }

    /** Code is never sent: a worker that samples for a run with tools has the same ones. */
    @Test
    void worker_needsTheLearnersTools() throws IOException {
        PolicyConfig learner = Settings.of(PolicyConfig.class)
                .with("model", model)
                .with("data", rows)
                .with("rule", "f1")
                .with("tools", List.of(tool))
                .with("tool_template", template)
                .with("max_tool_calling_iterations", 2)
                .with("max_completion_length", 8)
                .with("cluster.listen", "127.0.0.1:5701")
                .read();
        PolicyWorkers offered = WorkerJob.offer(
                learner,
                DecodeSettings.TENSORS,
                Objects.requireNonNull(learner.learner().cluster()));
        WorkerJob job = WorkerJob.parse(offered.description());
        Settings<WorkerConfig> worker =
                Settings.of(WorkerConfig.class).with("model", model).with("cluster.members", List.of("127.0.0.1:5701"));
        assertThatThrownBy(() -> job.samplingHere(worker.read()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tools: expected the learner's own, 1 of them")
                .hasMessageContaining("found 0");
        WorkerConfig same = worker.with("tools", List.of(tool)).read();
        assertThat(job.samplingHere(same).tools())
                .isEqualTo(ToolSettings.builder().maxToolCallingIterations(2).build());
        assertThat(WorkerJob.digests(model, null, null, same.tools()))
                .containsEntry("tool-1", offered.digests().get("tool-1"));
        WorkerConfig other =
                worker.with("tools", List.of(tool("Other", "return \"\";"))).read();
        assertThat(WorkerJob.digests(model, null, null, other.tools()).get("tool-1"))
                .isNotEqualTo(offered.digests().get("tool-1"));
    }

    /** A worker that waits for the next run keeps nothing of the last one's. */
    @Test
    void worker_closesItsToolsWithTheRun() throws IOException {
        Path closed = directory.resolve("closed");
        Path own = Files.writeString(
                directory.resolve("Closing.java"),
                Files.readString(tool)
                        .replace("class Twice implements", "class Closing implements AutoCloseable,")
                        .replaceFirst("\\}\\s*$", """
                                    public void close() throws java.io.IOException {
                                        java.nio.file.Files.createFile(java.nio.file.Path.of("%s"));
                                    }
                                }
                                """.formatted(closed)));
        WorkerConfig keys = Settings.of(WorkerConfig.class)
                .with("model", model)
                .with("cluster.members", List.of("127.0.0.1:5701"))
                .with("tools", List.of(own))
                .read();
        PolicyConfig learner = Settings.of(PolicyConfig.class)
                .with("model", model)
                .with("data", rows)
                .with("rule", "f1")
                .with("tools", List.of(own))
                .with("tool_template", template)
                .with("max_completion_length", 8)
                .with("cluster.listen", "127.0.0.1:5701")
                .read();
        WorkerJob job = WorkerJob.parse(WorkerJob.offer(
                        learner,
                        DecodeSettings.TENSORS,
                        Objects.requireNonNull(learner.learner().cluster()))
                .description());
        try (Preceptor preceptor = Preceptor.open("cpu", 1)) {
            WorkerHost.WorkerRuntime models = WorkerCommand.models(job, keys, preceptor, line -> {});
            assertThat(closed).doesNotExist();
            models.closing().run();
            assertThat(closed).exists();
        }
    }

    /** The directory has no weights, so that loading them would be what fails. */
    @Test
    void template_thatCannotBeUsed_isRefusedBeforeTheWeightsLoad() throws IOException {
        Path bare = Files.createDirectories(directory.resolve("bare"));
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Golden.dir("tiny-chat").resolve(file), bare.resolve(file));
        }
        Files.writeString(
                bare.resolve("chat_template.jinja"),
                "{{ tools }}{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}");
        CommandRun run = CommandRun.of("generate", "model=" + bare, "data=" + rows, "output=x", "tools=" + tool);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("tool_call_format: expected hermes or llama3");
    }

    @Test
    void badKeys_areRefusedBeforeAModelLoads() throws IOException {
        CommandRun without = CommandRun.of("generate", "model=" + model, "data=" + rows, "output=x", "tool_timeout=3");
        assertThat(without.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(without.err()).contains("tool_timeout: expected nothing without tools, found 3");
        CommandRun wrong = CommandRun.of("generate", "model=" + model, "data=" + rows, "output=x", "tools=" + rows);
        assertThat(wrong.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(wrong.err()).contains("tools: expected").contains("implements Tool");
        Path plain = Files.writeString(directory.resolve("plain.jsonl"), "{\"prompt\": \"twice 2?\"}\n");
        CommandRun string = CommandRun.of("generate", "model=" + model, "data=" + plain, "output=x", "tools=" + tool);
        assertThat(string.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(string.err())
                .contains(plain + ":1: key \"prompt\": expected a list of messages with tools")
                .contains("found a string");
        CommandRun slow = CommandRun.of(
                "policy", "model=" + model, "data=" + rows, "rule=f1", "tools=" + tool, "tool_timeout=120");
        assertThat(slow.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(slow.err()).contains("tool_timeout: expected less than heartbeat_timeout 120.0, found 120.0");
    }
}
