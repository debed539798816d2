package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.cli.WaitingRule;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program as a process of its own, killed at bad moments. */
class RunCommandProcessTest {
    private static final int KILLED = 137;

    @TempDir
    Path directory;

    /**
     * Each time the process ends where a stage is half done: in the middle of sampling, on Ctrl-C in training, in the
     * middle of a rollout, in the middle of evaluation. Once its directory is moved.
     */
    @Test
    void run_stoppedInEveryStage_endsLikeOneThatWasNot() throws Exception {
        TinyRecipe recipe = TinyRecipe.write(directory.resolve("in"));
        Path whole = directory.resolve("whole");
        assertThat(start(recipe, whole, "whole").end()).as(log("whole")).isZero();

        Path run = directory.resolve("run");
        kill(start(recipe, run, "first"), run.resolve("sample/ledger.jsonl"), "first");
        ProgramProcess second = start(recipe, run, "second", "resume=true");
        second.awaitOutput("reward: reward"); // the one that was killed may have come so far, too
        second.await(run.resolve("reward/checkpoints/step-2"));
        second.process().destroy();
        assertThat(second.end()).as(log("second")).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(log("second"))
                .contains(
                        "sample: elicit",
                        "interrupted in stage reward: interrupted after step",
                        "output=" + run + " resume=true");
        kill(start(recipe, run, "third", "resume=true"), run.resolve("policy/checkpoints/step-2"), "third");
        run = Files.move(run, directory.resolve("moved"));
        kill(
                start(List.of(WaitingRule.WAITS), recipe, run, "fourth", "resume=true"),
                run.resolve("evaluate/measured.jsonl"),
                "fourth");
        assertThat(run.resolve("report.html")).doesNotExist();
        assertThat(start(recipe, run, "last", "resume=true").end())
                .as(log("last"))
                .isZero();

        assertThat(summary(run)).isEqualTo(summary(whole));
        for (String stage : List.of("reward", "policy")) {
            String file = stage + "/metrics.jsonl";
            assertThat(rows(run.resolve(file))).as(file).isEqualTo(rows(whole.resolve(file)));
            assertThat(stageSummary(run.resolve(stage)))
                    .as("%s covers the whole run", stage)
                    .isEqualTo(stageSummary(whole.resolve(stage)));
        }
        assertThat(run.resolve("sample/preferences.jsonl"))
                .hasSameTextualContentAs(whole.resolve("sample/preferences.jsonl"));
        assertThat(run.resolve("evaluate/samples.jsonl"))
                .hasSameTextualContentAs(whole.resolve("evaluate/samples.jsonl"));
    }

    private void kill(ProgramProcess process, Path sign, String name) throws Exception {
        process.await(sign);
        process.process().destroyForcibly();
        assertThat(process.end()).as(log(name)).isEqualTo(KILLED);
    }

    private ProgramProcess start(TinyRecipe recipe, Path output, String name, String... more) throws IOException {
        return start(List.of(), recipe, output, name, more);
    }

    /** With stages so long that none ends before it is stopped. */
    private ProgramProcess start(List<String> options, TinyRecipe recipe, Path output, String name, String... more)
            throws IOException {
        Path rule = WaitingRule.write(directory, 40); // in the second model's evaluation: prompts are 36
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                recipe.file().toString(),
                "device=cpu",
                "output=" + output,
                "stages.reward.max_steps=60",
                "stages.policy.max_steps=16",
                "stages.evaluate.rule=" + rule));
        arguments.addAll(List.of(more));
        return ProgramProcess.start(directory.resolve(name + ".log"), options, arguments);
    }

    private String log(String name) throws IOException {
        return Files.readString(directory.resolve(name + ".log"));
    }

    private static JsonNode summary(Path run) throws IOException {
        JsonNode summary =
                new ObjectMapper().readTree(run.resolve("summary.json").toFile());
        summary.findParents("seconds").forEach(RunCommandProcessTest::withoutTimes);
        return summary;
    }

    /** Without times, and without where it was resumed. */
    private static JsonNode stageSummary(Path stage) throws IOException {
        JsonNode summary =
                new ObjectMapper().readTree(stage.resolve("summary.json").toFile());
        assertThat(summary.path("train_loss").isNumber()).isTrue();
        ((ObjectNode) summary).remove(List.of("train_runtime", "eval_runtime", "resumed_from"));
        withoutTimes(summary.path("last_step"));
        summary.path("actors")
                .forEach(actor ->
                        ((ObjectNode) actor).remove(List.of("present_seconds", "busy_seconds", "utilization")));
        return summary;
    }

    private static List<JsonNode> rows(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(withoutTimes(new ObjectMapper().readTree(line)));
        }
        return rows;
    }

    /** Times are allowed to differ from one run to the next; nothing else is. */
    private static JsonNode withoutTimes(JsonNode row) {
        List<String> times = new ArrayList<>();
        row.fieldNames().forEachRemaining(name -> {
            if (name.endsWith("_time") || name.equals("seconds")) {
                times.add(name);
            }
        });
        return ((ObjectNode) row).remove(times);
    }
}
