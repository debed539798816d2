package ai.preceptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.app.Main;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program as a process of its own, killed at bad moments. */
class RunCommandProcessTest {
    private static final long PATIENCE_SECONDS = 120;
    private static final int KILLED = 137;

    @TempDir
    Path directory;

    /**
     * Each time the process ends where a stage is half done: in the middle of sampling, on Ctrl-C in training, in the
     * middle of a rollout, in the middle of evaluation.
     */
    @Test
    void run_stoppedInEveryStage_endsLikeOneThatWasNot() throws Exception {
        TinyRecipe recipe = TinyRecipe.write(directory.resolve("in"));
        Path whole = directory.resolve("whole");
        assertThat(end(start(recipe, whole, "whole"))).as(log("whole")).isZero();

        Path run = directory.resolve("run");
        kill(start(recipe, run, "first"), run.resolve("sample/ledger.jsonl"), "first");
        Process second = start(recipe, run, "second", "resume=true");
        await(second, run.resolve("reward/checkpoints/step-2"), "second");
        second.destroy();
        assertThat(end(second)).as(log("second")).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(log("second"))
                .contains(
                        "sample: elicit",
                        "interrupted in stage reward: interrupted after step",
                        "output=" + run + " resume=true");
        kill(start(recipe, run, "third", "resume=true"), run.resolve("policy/checkpoints/step-2"), "third");
        kill(start(recipe, run, "fourth", "resume=true"), run.resolve("evaluate/measured.jsonl"), "fourth");
        assertThat(run.resolve("report.html")).doesNotExist();
        assertThat(end(start(recipe, run, "last", "resume=true")))
                .as(log("last"))
                .isZero();

        assertThat(summary(run)).isEqualTo(summary(whole));
        for (String stage : List.of("reward", "policy")) {
            String file = stage + "/metrics.jsonl";
            assertThat(rows(run.resolve(file))).as(file).isEqualTo(rows(whole.resolve(file)));
        }
        assertThat(run.resolve("sample/preferences.jsonl"))
                .hasSameTextualContentAs(whole.resolve("sample/preferences.jsonl"));
        assertThat(run.resolve("evaluate/samples.jsonl"))
                .hasSameTextualContentAs(whole.resolve("evaluate/samples.jsonl"));
    }

    private void kill(Process process, Path sign, String name) throws Exception {
        await(process, sign, name);
        process.destroyForcibly();
        assertThat(end(process)).as(log(name)).isEqualTo(KILLED);
    }

    /** Waits until the process has left a sign of where it is. */
    private void await(Process process, Path sign, String name) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(sign) || Files.size(sign) == 0) {
            assertThat(process.isAlive())
                    .as("alive until %s: %s", sign, log(name))
                    .isTrue();
            assertThat(System.nanoTime())
                    .as("waited for %s: %s", sign, log(name))
                    .isLessThan(deadline);
            Thread.sleep(2);
        }
    }

    private static int end(Process process) throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    private Process start(TinyRecipe recipe, Path output, String name, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "run",
                recipe.file().toString(),
                "device=cpu",
                "output=" + output));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
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
