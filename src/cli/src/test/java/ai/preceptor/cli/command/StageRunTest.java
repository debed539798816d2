package ai.preceptor.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
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

/** What a training command leaves behind, and what it refuses. */
class StageRunTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final Path PAIRS = Golden.file("pairs.jsonl");

    @TempDir
    Path directory;

    @Test
    void run_wholeStage_leavesTheContractsFiles() throws IOException {
        CommandRun run = reward("max_steps=2", "batch_size=4", "eval_rows=6", "save_steps=1");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        Path output = directory.resolve("run");
        assertThat(output.resolve("metrics.jsonl")).content().hasLineCount(2);
        assertThat(output.resolve("checkpoints/step-2/model.safetensors")).exists();
        assertThat(output.resolve("model/tokenizer.json")).exists();
        assertThat(output.resolve("config.yaml")).content().contains("batch_size: 4", "learning_rate: 1.0E-4");
        assertThat(output.resolve("report.html"))
                .content()
                .contains("held-out pairs in the right order", "pairs.jsonl");
        JsonNode summary =
                new ObjectMapper().readTree(output.resolve("summary.json").toFile());
        assertThat(summary.path("steps").intValue()).isEqualTo(2);
        assertThat(summary.path("eval_accuracy").doubleValue()).isBetween(0.0, 1.0);
        assertThat(summary.path("eval_pairs").intValue()).isGreaterThanOrEqualTo(6);
        assertThat(run.out())
                .contains(
                        "reward: 2 steps in ",
                        " held-out pairs in the right order (95 % interval ",
                        output.resolve("model").toString());
        assertThat(run.err()).doesNotContain("\r", "\u001b").contains("24 rows read, 24 kept");
    }

    @Test
    void run_configOfARun_makesItAgain() throws IOException {
        reward("max_steps=2", "batch_size=4");
        Path config = directory.resolve("run/config.yaml");
        CommandRun again = CommandRun.of("reward", config.toString(), "output=" + directory.resolve("again"));
        assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.DONE);
        assertThat(losses("again")).isEqualTo(losses("run"));
    }

    @Test
    void run_intoARun_isRefusedUnlessResumed() throws IOException {
        reward("max_steps=2", "batch_size=4");
        CommandRun refused = reward("max_steps=4", "batch_size=4");
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains("already holds a run", "resume=true");
        CommandRun other = reward("max_steps=4", "batch_size=2", "resume=true");
        assertThat(other.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(other.err()).contains("batch_size: was 4, is 2");
        CommandRun resumed = reward("max_steps=4", "batch_size=4", "resume=true");
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
        assertThat(losses("run")).hasSize(4);
    }

    @Test
    void run_intoARunOfAnotherCommand_isRefusedAndLeavesIt() throws IOException {
        String output = "output=" + directory.resolve("run");
        String[] curate = {"curate", "data=" + PAIRS, output};
        assertThat(CommandRun.of(curate).code()).isEqualTo(ExitCode.DONE);
        Path config = directory.resolve("run/config.yaml");
        String before = Files.readString(config);
        for (String resume : List.of("resume=false", "resume=true")) {
            CommandRun refused = reward("max_steps=1", resume);
            assertThat(refused.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(refused.err()).contains("holds a run of curate; choose another directory");
        }
        assertThat(config).hasContent(before);

        CommandRun again = CommandRun.of(curate);
        assertThat(again.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(again.err()).contains("already holds a run (its summary.json); continue with resume=true");
        CommandRun resumed = CommandRun.of("curate", "data=" + PAIRS, output, "resume=true");
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void eval_intoATrainingRun_isRefusedAndLeavesIt() {
        reward("max_steps=2", "batch_size=4", "save_steps=0");
        CommandRun eval = CommandRun.of(
                "eval", "model=" + MODEL, "data=" + PAIRS, "rule=brevity", "output=" + directory.resolve("run"));
        assertThat(eval.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(eval.err()).contains("holds a run of reward; choose another directory");
        assertThat(directory.resolve("run/metrics.jsonl")).content().hasLineCount(2);
    }

    @Test
    void run_failingAfterItsSteps_isFailedWithTheMessage() throws IOException {
        begun("run");
        Files.createDirectories(directory.resolve("run/report.html")); // in the place of the file
        CommandRun run = reward("max_steps=1", "batch_size=4");
        assertThat(run.code()).as(run.err()).isNotEqualTo(ExitCode.DONE);
        assertThat(directory.resolve("run/model/model.safetensors")).exists();
        JsonNode status = status();
        assertThat(status.path("state").asText()).isEqualTo("failed");
        assertThat(status.path("message").asText()).contains("report.html");
        assertThat(run.err()).contains(status.path("message").asText());
    }

    @Test
    void run_failingBeforeItsSteps_isFailedWithTheMessage() throws IOException {
        begun("run");
        CommandRun eval = CommandRun.of(
                "eval", "model=" + broken(), "data=" + PAIRS, "output=" + directory.resolve("run"), "rule=brevity");
        assertThat(eval.code()).as(eval.err()).isEqualTo(ExitCode.BAD_DATA);
        JsonNode status = status();
        assertThat(status.path("state").asText()).isEqualTo("failed");
        assertThat(status.path("message").asText()).contains("model.safetensors");
        assertThat(status.path("command").asText()).isEqualTo("eval");
    }

    /** So that the directory of a run that fails early stays. */
    private void begun(String run) throws IOException {
        Files.createDirectories(directory.resolve(run));
        Files.createFile(directory.resolve(run).resolve("run.lock"));
        Files.writeString(directory.resolve(run).resolve("note.txt"), "of an earlier run");
    }

    private JsonNode status() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("run/status.json").toFile());
    }

    @Test
    void run_intoForeignFiles_isRefused() throws IOException {
        Files.createDirectories(directory.resolve("run"));
        Files.writeString(directory.resolve("run/thesis.tex"), "precious");
        CommandRun run = reward("max_steps=1");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("holds files that are not from a run", "thesis.tex");
        assertThat(directory.resolve("run/thesis.tex")).hasContent("precious");
    }

    @Test
    void run_tieOnlyData_isBadData() throws IOException {
        Path ties = directory.resolve("ties.jsonl");
        Files.writeString(ties, "{\"prompt\": \"a\", \"chosen\": \"same\", \"rejected\": \"same\"}\n".repeat(3));
        CommandRun run =
                CommandRun.of("reward", "model=" + MODEL, "data=" + ties, "output=" + directory.resolve("run"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("nothing to learn from", "chosen == rejected");
    }

    @Test
    void run_allRowsTooLong_isBadData() {
        CommandRun run = reward("max_length=4", "max_steps=1");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("all 24 are longer than max_length 4 tokens");
    }

    @Test
    void run_brokenModel_isBadData() throws IOException {
        CommandRun run =
                CommandRun.of("reward", "model=" + broken(), "data=" + PAIRS, "output=" + directory.resolve("run"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("model.safetensors");
    }

    /** A model whose weights are cut off. */
    private Path broken() throws IOException {
        Path broken = directory.resolve("broken");
        Files.createDirectories(broken);
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja")) {
            Files.copy(MODEL.resolve(name), broken.resolve(name));
        }
        byte[] weights = Files.readAllBytes(MODEL.resolve("model.safetensors"));
        return Files.write(broken.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 100))
                .getParent();
    }

    @Test
    void run_moreHeldOutThanRows_isRefused() {
        CommandRun run = reward("eval_rows=24");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("eval_rows: expected fewer than the 24 rows of data, found 24");
    }

    private CommandRun reward(String... more) {
        List<String> all = new ArrayList<>(
                List.of("reward", "model=" + MODEL, "data=" + PAIRS, "output=" + directory.resolve("run")));
        all.addAll(Arrays.asList(more));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private List<Double> losses(String run) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve(run).resolve("metrics.jsonl"))) {
            losses.add(new ObjectMapper().readTree(line).path("loss").doubleValue());
        }
        return losses;
    }
}
