package ai.preceptor.dashboard.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.preceptor.train.run.RunStatus;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What state a run is in, by what its directory says. */
class RunStateTest {
    private static final String HERE = RunStatus.host();
    private static final long MINUTES = 60_000;

    @TempDir
    Path root;

    @Test
    void processThatIsThere_isRunning() throws IOException {
        ProcessHandle self = ProcessHandle.current();
        long began = self.info().startInstant().orElseThrow().toEpochMilli();

        assertThat(state(run().status("running", self.pid(), began, HERE))).isEqualTo("running");
    }

    @Test
    void numberThatAnotherProcessHasNow_isNot() throws IOException {
        assumeThat(HERE)
                .as("a machine without a name cannot be told from another")
                .isNotEmpty();
        ProcessHandle self = ProcessHandle.current();
        long began = self.info().startInstant().orElseThrow().toEpochMilli() - 10 * MINUTES;
        RunFiles run = run().status("running", self.pid(), began, HERE);

        assertThat(state(run)).isEqualTo("failed");
        assertThat(RunFiles.rows(RunFiles.board(root)).get("x").message()).contains("resume=true");
    }

    @Test
    void processThatIsGone_hasFailed() throws IOException {
        assumeThat(HERE)
                .as("a machine without a name cannot be told from another")
                .isNotEmpty();
        assertThat(state(run().status("running", 999_999_999L, 0, HERE))).isEqualTo("failed");
    }

    @Test
    void processElsewhere_isRunningWhileItSaysSo() throws IOException {
        RunFiles run = run().status("running", 1, 0, "another-machine");
        assertThat(state(run)).isEqualTo("running");

        run.write("status.json", "{\"state\":\"running\",\"host\":\"another-machine\",\"updated\":1}");

        assertThat(state(run)).isEqualTo("failed");
    }

    @Test
    void processOfAMachineWithoutAName_isNotLookedForHere() throws IOException {
        JsonNode status = new ObjectMapper()
                .readTree("{\"host\":\"\",\"pid\":999999999,\"process_started\":0,\"updated\":100000}");

        assertThat(new Liveness("", 110_000).isAlive(status)).isTrue();
        assertThat(new Liveness("", 900_000).isAlive(status)).isFalse();
    }

    @Test
    void toldEnds_areBelieved() throws IOException {
        assertThat(state(run().status("finished", 1, 0, HERE))).isEqualTo("finished");
        assertThat(state(run().status("stopped", 1, 0, HERE))).isEqualTo("stopped");
        assertThat(state(run().status("failed", 1, 0, HERE))).isEqualTo("failed");
    }

    @Test
    void withoutStatus_filesTell() throws IOException {
        RunFiles run = run().steps(1, 3);
        assertThat(state(run)).isEqualTo("running");

        run.modified("metrics.jsonl", 10 * MINUTES);
        assertThat(state(run)).isEqualTo("stopped");

        run.modified("run.lock", 5 * MINUTES).write("summary.json", "{}");
        assertThat(state(run)).isEqualTo("finished");

        run.modified("summary.json", 9 * MINUTES); // of an earlier process: it was resumed since
        assertThat(state(run)).isEqualTo("stopped");
    }

    @Test
    void statusThatIsNoJson_isAsIfThereWereNone() throws IOException {
        assertThat(state(run().steps(1, 1).write("status.json", "{\"state\":"))).isEqualTo("running");
    }

    private RunFiles run() throws IOException {
        return RunFiles.make(root.resolve("x"), "algorithm: \"rloo\"\n");
    }

    private String state(RunFiles run) throws IOException {
        assertThat(run.directory()).exists();
        return RunFiles.rows(RunFiles.board(root)).get("x").state();
    }
}
