package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One command's output is the next one's input. */
class ElicitThenLearnTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    private Path prompts;

    @BeforeEach
    void writePrompts() throws IOException {
        String lines = IntStream.range(0, 8)
                .mapToObj(i -> "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number " + i + "\"}]}")
                .collect(Collectors.joining("\n"));
        prompts = Files.writeString(directory.resolve("prompts.jsonl"), lines);
    }

    @Test
    void elicit_thenRewardThenEval_runsThrough() throws IOException {
        CommandRun elicit = elicit("elicited");
        assertThat(elicit.code()).as(elicit.err()).isEqualTo(ExitCode.DONE);
        Path pairs = directory.resolve("elicited/preferences.jsonl");
        assertThat(CommandRun.rows(pairs)).hasSize(8).allMatch(row -> row.has("chosen"));
        assertThat(CommandRun.rows(directory.resolve("elicited/ranked.jsonl")))
                .allMatch(row ->
                        row.path("responses").size() == row.path("scores").size());
        assertThat(directory.resolve("elicited/report.html")).exists();

        Path reward = directory.resolve("reward");
        CommandRun trained = CommandRun.of(
                "reward", "model=" + STUDENT, "data=" + pairs, "output=" + reward, "max_steps=2", "save_steps=0");
        assertThat(trained.code()).as(trained.err()).isEqualTo(ExitCode.DONE);

        CommandRun judged = CommandRun.of(
                "eval", "model=" + reward.resolve("model"), "data=" + pairs, "output=" + directory.resolve("judged"));
        assertThat(judged.code()).as(judged.err()).isEqualTo(ExitCode.DONE);
        assertThat(judged.out()).contains("on 8 pairs");
        assertThat(summary("judged").path("eval_pairs").intValue()).isEqualTo(8);
    }

    /** A model measured against itself with the same seed says the same: all ties, and no divergence at all. */
    @Test
    void eval_modelAgainstItself_isEven() throws IOException {
        CommandRun run = CommandRun.of(
                "eval",
                "model=" + STUDENT,
                "baseline=" + STUDENT,
                "teacher=" + STUDENT,
                "data=" + prompts,
                "max_new_tokens=4",
                "output=" + directory.resolve("even"));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        JsonNode model = summary("even").path("methods").path(1);
        assertThat(model.path("win_rate").doubleValue()).isEqualTo(0.5);
        assertThat(model.path("kl_to_reference").doubleValue()).isZero();
        assertThat(model.path("completions/mean_length").doubleValue()).isBetween(1.0, 4.0);
        assertThat(run.out()).contains("start", "50.0 %");
    }

    @Test
    void elicit_again_isRefusedUnlessResumedAndThenEqual() throws IOException {
        elicit("elicited");
        List<String> first = Files.readAllLines(directory.resolve("elicited/preferences.jsonl"));
        String config = Files.readString(directory.resolve("elicited/config.yaml"));
        CommandRun refused = elicit("elicited", "max_rows=1");
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(directory.resolve("elicited/config.yaml")).hasContent(config);
        assertThat(directory.resolve("elicited/status.json")).content().contains("\"finished\"");
        assertThat(refused.err()).contains("already holds answers", "resume=true");
        CommandRun resumed = elicit("elicited", "resume=true");
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
        assertThat(Files.readAllLines(directory.resolve("elicited/preferences.jsonl")))
                .isEqualTo(first);
        assertThat(summary("elicited").path("resumed").intValue()).isEqualTo(8);
        CommandRun other = elicit("elicited", "resume=true", "seed=1");
        assertThat(other.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
    }

    @Test
    void eval_teacherWithoutBaseline_isRefused() {
        CommandRun run = CommandRun.of("eval", "model=" + STUDENT, "teacher=" + STUDENT, "data=" + prompts);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("teacher: expected a baseline to compare with, found none");
    }

    @Test
    void doctor_anyMachine_saysWhatItCan() {
        CommandRun run = CommandRun.of("doctor");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("java ", "cores ", "memory ", "pytorch ", "device     cpu", "GFLOP/s");
        assertThat(run.out())
                .containsPattern(
                        "dtype {6}(float32|bfloat16) trains faster here: bfloat16 products run at [0-9.]+ times");
    }

    private CommandRun elicit(String output, String... more) {
        String[] arguments = new String[more.length + 6];
        arguments[0] = "elicit";
        arguments[1] = "model=" + STUDENT;
        arguments[2] = "teacher=" + STUDENT;
        arguments[3] = "data=" + prompts;
        arguments[4] = "output=" + directory.resolve(output);
        arguments[5] = "max_new_tokens=4";
        System.arraycopy(more, 0, arguments, 6, more.length);
        return CommandRun.of(arguments);
    }

    private JsonNode summary(String run) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(run).resolve("summary.json").toFile());
    }
}
