package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.lm.text.TokenBytes;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On-policy distillation by keys: teachers here and behind a server. */
class PolicyDistillationCommandTest {
    private static final Path TEACHER = Golden.dir("tiny-teacher");

    @TempDir
    Path directory;

    private CommandRun policy(String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "policy",
                "model=" + Golden.dir("tiny-chat"),
                "output=" + directory.resolve(output),
                "batch_size=4",
                "max_completion_length=6",
                "learning_rate=1e-3"));
        arguments.addAll(Arrays.asList(more));
        if (Arrays.stream(more).noneMatch(key -> key.startsWith("data="))) {
            arguments.add("data=" + Golden.file("pairs.jsonl"));
        }
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private List<JsonNode> steps(String output) throws IOException {
        return CommandRun.rows(directory.resolve(output).resolve("metrics.jsonl"));
    }

    @Test
    void opd_ofALocalTeacher_needsNoScorer() throws IOException {
        CommandRun run = policy("alone", "algorithm=opd", "distill_teacher=" + TEACHER, "max_steps=2");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(steps("alone")).hasSize(2).allSatisfy(step -> {
            double kl = step.path("opd/reverse_kl").doubleValue();
            assertThat(step.path("loss").doubleValue())
                    .as("the estimate itself, where the ratio is 1")
                    .isCloseTo(kl, within(1e-5));
            assertThat(step.path("opd/tokens_unscored").doubleValue()).isZero();
            assertThat(step.fieldNames())
                    .toIterable()
                    .as("nothing was scored")
                    .noneMatch(name -> name.startsWith("reward") || name.contains("reward_zero"));
        });
        assertThat(run.err()).contains("opd/reverse_kl").doesNotContain("reward");
        assertThat(CommandRun.rows(directory.resolve("alone/samples.jsonl")))
                .hasSize(8)
                .allMatch(sample -> sample.path("advantage").doubleValue() != 0)
                .noneMatch(sample -> sample.has("score"));
    }

    @Test
    void samplesWithoutAReward_areNotLearntFromAsWorthless() {
        policy("first", "algorithm=opd", "distill_teacher=" + TEACHER, "max_steps=1");
        Path samples = directory.resolve("first/samples.jsonl");
        CommandRun run = CommandRun.of(
                "policy",
                "model=" + Golden.dir("tiny-chat"),
                "output=" + directory.resolve("second"),
                "rollouts=" + samples,
                "algorithm=reinforce_plus_plus",
                "max_completion_length=6");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains(samples + ":1: scores: missing");
    }

    @Test
    void opd_withoutAScorer_evaluatesLengthsAlone() throws IOException {
        CommandRun run = policy(
                "evaluated",
                "algorithm=opd",
                "distill_teacher=" + TEACHER,
                "max_steps=1",
                "eval_data=" + Golden.file("pairs.jsonl"));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(steps("evaluated"))
                .anySatisfy(line -> assertThat(line.fieldNames())
                        .toIterable()
                        .contains("eval_completions/mean_length")
                        .noneMatch(name -> name.contains("reward") || name.contains("@")));
    }

    @Test
    void opd_replacingPromptsByTheirScores_needsAScorer() {
        CommandRun run = policy(
                "dynamic",
                "algorithm=opd",
                "distill_teacher=" + TEACHER,
                "num_generations=4",
                "dynamic_sampling=true",
                "max_steps=1");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("reward_model: expected exactly one of reward_model, teacher, teacher_url and rule, or"
                        + " reward_weights, since dynamic_sampling compares scores, found 0");
        assertThat(directory.resolve("dynamic")).doesNotExist();
    }

    @Test
    void aServedTeacher_atAnotherTemperature_isRefusedBeforeARunBegins() {
        CommandRun run = policy(
                "hot",
                "algorithm=opd",
                "distill_teacher_url=http://127.0.0.1:9/v1",
                "distill_teacher_model=big",
                "temperature=0.6");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("command line: temperature: expected 1 with distill_teacher_url", "found 0.6");
        assertThat(directory.resolve("hot")).doesNotExist();
    }

    @Test
    void teachers_areChosenByThePromptsColumn() throws IOException {
        Path data = directory.resolve("keyed.jsonl");
        Files.writeString(
                data,
                "{\"prompt\": \"Name a bird:\", \"teacher_key\": \"birds\"}\n"
                        + "{\"prompt\": \"Name a fish:\", \"teacher_key\": \"fish\"}\n");
        String[] keys = {
            "algorithm=opd",
            "data=" + data,
            "distill_teacher=[" + TEACHER + "," + Golden.dir("tiny-chat") + "]",
            "distill_teacher_keys=[birds,fish]",
            "max_steps=1"
        };
        CommandRun run = policy("keyed", keys);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        for (JsonNode sample : CommandRun.rows(directory.resolve("keyed/samples.jsonl"))) {
            boolean itself = sample.path("prompt").textValue().contains("fish");
            assertThat(Math.abs(sample.path("advantage").doubleValue()) < 1e-5)
                    .as("the student is its own teacher of fish")
                    .isEqualTo(itself);
        }
        keys[3] = "distill_teacher_keys=[birds,trees]";
        CommandRun unknown = policy("unknown", keys);
        assertThat(unknown.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(unknown.err()).contains("teacher_key: expected one of [birds, trees], found \"fish\"");
    }

    /** Minus a hundredth of each id. */
    private static ServedReply scored(TeacherServer.Call call) {
        TokenBytes spelling = TokenBytes.load(TEACHER);
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", 0).put("text", "x").put("finish_reason", "length");
        ArrayNode places = choice.putArray("prompt_logprobs");
        JsonNode ids = call.body().path("prompt");
        places.addNull();
        for (int i = 1; i < ids.size(); i++) {
            int id = ids.get(i).intValue();
            places.addObject()
                    .putObject(Integer.toString(id))
                    .put("logprob", -0.01 * id)
                    .put("decoded_token", spelling.text(id));
        }
        root.putObject("usage").put("prompt_tokens", ids.size()).put("completion_tokens", 1);
        return ServedReply.json(200, Map.of(), root.toString());
    }

    @Test
    void opd_ofAServedTeacher_asksOncePerAnswer_besideARule() throws IOException {
        try (TeacherServer server = TeacherServer.start(PolicyDistillationCommandTest::scored)) {
            CommandRun run = policy(
                    "served",
                    "rule=brevity",
                    "distill_teacher_url=" + server.url(),
                    "distill_teacher_model=big",
                    "opd_kl_coef=0.5",
                    "max_steps=2");
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(server.calls().get(0).body().path("model").textValue()).isEqualTo("big");
            long answers = server.calls().stream()
                    .map(call -> call.body().path("prompt").toString())
                    .distinct()
                    .count();
            assertThat(server.calls()).as("one probe, then each answer once").hasSize((int) answers);
            assertThat(steps("served")).allMatch(step -> step.has("opd/reverse_kl") && step.has("reward"));
            assertThat(directory.resolve("served/calls.sqlite")).exists();
            assertThat(directory.resolve("served/summary.json"))
                    .content()
                    .contains("\"distill_teacher/calls\" : " + answers);
        }
    }

    @Test
    void serverWithoutPromptLogprobs_endsTheRunNamingTheField() {
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.json(
                200, Map.of(), "{\"choices\": [{\"index\": 0, \"text\": \"x\", \"finish_reason\": \"length\"}]}"))) {
            CommandRun run = policy(
                    "without",
                    "algorithm=opd",
                    "distill_teacher_url=" + server.url(),
                    "distill_teacher_model=big",
                    "max_steps=1");
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.TEACHER_FAILED);
            assertThat(run.err()).contains("prompt_logprobs");
            assertThat(server.calls()).hasSize(1);
        }
    }

    @Test
    void impossibleKeys_areRefusedTogether() {
        CommandRun run = policy(
                "refused",
                "algorithm=opd",
                "opd_gamma=2",
                "iw_opd_gamma=-1",
                "opd_kl_coef=0",
                "distill_teacher_model=big");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains(
                        "opd_gamma",
                        "iw_opd_gamma",
                        "opd_kl_coef",
                        "distill_teacher: expected a teacher with algorithm=opd, found none",
                        "distill_teacher_model: expected a distill_teacher_url to ask, found none");
        CommandRun warm = policy(
                "warm",
                "algorithm=opd",
                "temperature=0.7",
                "distill_teacher_url=http://127.0.0.1:1/v1",
                "distill_teacher_model=big",
                "max_steps=1");
        assertThat(warm.code()).as(warm.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(warm.err()).contains("temperature: expected 1");
    }
}
