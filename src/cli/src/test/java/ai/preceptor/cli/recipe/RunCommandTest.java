package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.data.files.AtomicFiles;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recipe from the command line to its table, and what running it again does. */
class RunCommandTest {
    @TempDir
    Path directory;

    private TinyRecipe recipe;
    private Path output;

    @BeforeEach
    void write() throws IOException {
        recipe = TinyRecipe.write(directory.resolve("in"));
        output = directory.resolve("out");
    }

    @Test
    void run_wholeRecipe_endsWithOneTableAndOneReport() throws IOException {
        CommandRun run = run();
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out().strip()).startsWith("method ");
        assertThat(run.out())
                .containsPattern("(?m)^start +- +- +")
                .containsPattern("(?m)^policy +[0-9.]+ % +[0-9.]+ to [0-9.]+ +")
                .containsPattern("(?m)^dpo +")
                .containsPattern("reward: accuracy [0-9.]+ % on [0-9]+ held-out pairs")
                .contains("  prompt:\n    Say number 0\n  start:\n", "report  " + output.resolve("report.html"));
        for (String stage : TinyRecipe.STAGES) {
            assertThat(run.err()).contains("] " + stage + ": ");
            assertThat(output.resolve(stage).resolve("summary.json")).exists();
        }
        assertThat(run.err()).doesNotContain("\r", "\u001b");
        assertThat(output.resolve("report.html"))
                .content()
                .contains("Reward over KL to the reference", "policy while training", "<svg", "Before and after");
        JsonNode summary = summary(output);
        assertThat(summary.path("methods"))
                .extracting(row -> row.path("method").asText())
                .containsExactly("start", "policy", "dpo");
        assertThat(summary.path("methods").get(0).path("kl_to_reference").doubleValue())
                .isZero();
        assertThat(summary.path("methods").get(1).path("seconds").doubleValue()).isPositive();
        assertThat(summary.path("stages").get(2).path("eval_pairs").intValue()).isGreaterThanOrEqualTo(6);
        assertThat(summary(output.resolve("evaluate")).path("eval_accuracy"))
                .as("the same pairs, measured again")
                .isEqualTo(summary.path("stages").get(2).path("eval_accuracy"));

        again(run);
    }

    /** In the same test, because a whole run takes its seconds. */
    private void again(CommandRun first) throws IOException {
        CommandRun resumed = run("resume=true");
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
        assertThat(resumed.out()).isEqualTo(first.out());
        assertThat(resumed.err())
                .contains("[6/6] evaluate: was finished before")
                .doesNotContain("writing");

        CommandRun other = run("resume=true", "stages.reward.learning_rate=2e-3");
        assertThat(other.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(other.err())
                .contains("resume: stage reward in ", "learning_rate: was 0.001, is 0.002", "choose another output");

        Path config = output.resolve("config.yaml");
        CommandRun anew = CommandRun.of("run", config.toString(), "stages.policy.max_steps=1");
        assertThat(anew.code()).as(anew.err()).isEqualTo(ExitCode.DONE);
        Path next = directory.resolve("out-2");
        assertThat(anew.err()).contains(output + " holds a finished run, which is kept; this one writes to " + next);
        assertThat(summary(next).path("methods").get(2).path("reward"))
                .as("the same stage again")
                .isEqualTo(summary(output).path("methods").get(2).path("reward"));
        assertThat(summary(next).path("methods").get(1))
                .isNotEqualTo(summary(output).path("methods").get(1));
        damaged();
    }

    /** A stage is left, and what it would learn from is not what a finished one wrote. */
    private void damaged() throws IOException {
        AtomicFiles.deleteTree(output.resolve("policy"));
        Path weights = output.resolve("reward/model/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);
        CommandRun refused = run("resume=true");
        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(refused.err())
                .contains("resume: stage reward was finished, but " + weights + " has changed since: it is "
                        + bytes.length + " bytes with checksum ")
                .doesNotContain("[1/6]");
        assertThat(output.resolve("policy")).doesNotExist();
    }

    @Test
    void run_stageWithNothingToLearnFrom_keepsWhatWasDone() throws IOException {
        Path same = Files.writeString(
                directory.resolve("same.jsonl"), "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"b\"}\n");
        CommandRun run =
                run("stages.reward.data=" + same, "stages.reward.eval_rows=null", "stages.evaluate.pairs=null");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err())
                .contains("run: stage reward ended early; the stages before it are kept", "output=" + output)
                .contains("nothing to learn from");
        assertThat(output.resolve("stages.jsonl"))
                .content()
                .contains("\"sample\"")
                .doesNotContain("\"reward\"");

        CommandRun refused = run();
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains("found an unfinished run in " + output, "resume=true");
    }

    @Test
    void run_intoARunOfACommand_isRefusedAndLeavesIt() throws IOException {
        Path rows = directory.resolve("in/answers.jsonl");
        assertThat(CommandRun.of("curate", "data=" + rows, "output=" + output).code())
                .isEqualTo(ExitCode.DONE);
        String before = Files.readString(output.resolve("config.yaml"));
        CommandRun refused = run();
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains("output: " + output + " holds a run of curate");
        assertThat(output.resolve("config.yaml")).hasContent(before);
    }

    @Test
    void run_wrongRecipe_startsNothing() {
        CommandRun run = run("stages.policy.reward_model=stage:dpo", "stages.evaluate.beta=2", "sead=1");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("2 problems", "stages.evaluate.beta: unknown key", "sead: unknown key");
        assertThat(output).doesNotExist();
    }

    private CommandRun run(String... more) {
        List<String> all = new ArrayList<>(List.of("run", recipe.file().toString(), "output=" + output));
        all.addAll(Arrays.asList(more));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static JsonNode summary(Path run) throws IOException {
        return new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    }
}
