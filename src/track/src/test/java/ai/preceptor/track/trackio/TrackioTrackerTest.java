package ai.preceptor.track.trackio;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.track.RunFixture;
import ai.preceptor.track.type.TrackerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackioTrackerTest {
    @TempDir
    Path run;

    /** What it does is checked with trackio itself, by .ci/trackers. */
    @Test
    void run_hasTheProgram() throws IOException {
        new RunFixture(run).deliver(TrackerType.TRACKIO.open(Map.of()), 0, () -> 1L);
        assertThat(run.resolve("trackio_import.py")).content().contains("import trackio", "metrics.jsonl");
    }

    /** The process was killed after step 3, the last checkpoint is that of step 1, and nothing is evaluated from then on. */
    @Test
    void program_runAgainAfterOtherLines_givesEveryStepOnce() throws Exception {
        Files.writeString(Files.createDirectory(run.resolve("stub")).resolve("trackio.py"), """
                def init(**settings):
                    pass

                def log(numbers, step):
                    with open("given", "a") as file:
                        file.write(f"{step} {','.join(numbers)}\\n")

                def finish():
                    pass
                """);
        RunFixture fixture = new RunFixture(run);
        fixture.deliver(TrackerType.TRACKIO.open(Map.of()), 0, () -> 1L);
        fixture.steps(1, 1);
        fixture.evaluation(1);
        fixture.steps(2, 2);
        fixture.evaluation(2);
        fixture.steps(3, 3);
        runProgram();
        fixture.cutAfter(2);
        fixture.steps(2, 5);
        runProgram();
        runProgram();
        String train = " loss,rewards/margins";
        assertThat(run.resolve("given"))
                .content()
                .hasLineCount(7)
                .containsSubsequence("1" + train, "1 eval_loss", "2" + train, "2 eval_loss", "3" + train, "4" + train)
                .endsWith("5" + train + "\n");
        assertThat(run.resolve("trackio_import.json")).content().contains("[5, 1]");
    }

    private void runProgram() throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("python3", "trackio_import.py")
                .directory(run.toFile())
                .redirectErrorStream(true)
                .redirectOutput(run.resolve("output").toFile());
        builder.environment().put("PYTHONPATH", run.resolve("stub").toString());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            process = Assumptions.abort("skipped: this test needs python3, which is not here");
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s", run.resolve("output")).isZero();
    }
}
