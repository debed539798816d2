package ai.preceptor.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStatusTest {
    @TempDir
    Path directory;

    private JsonNode status() throws IOException {
        return new ObjectMapper().readTree(directory.resolve(RunStatus.NAME).toFile());
    }

    private String state() throws IOException {
        return status().path("state").asText();
    }

    /** The processor's time is counted from the start of the run. */
    @Test
    void close_tellsProcessorTimeAndPeakMemory() throws IOException {
        Duration before = processorTime();
        try (RunStatus status = RunStatus.open(directory)) {
            status.finished();
            Duration worked = processorTime().plusMillis(100);
            while (processorTime().compareTo(worked) < 0) {
                Thread.onSpinWait();
            }
        }
        Duration all = processorTime().minus(before);
        assertThat(status().path("processor_seconds").doubleValue()).isBetween(0.1, all.toMillis() / 1e3 + 0.02);
        JsonNode memory = status().path("memory");
        assertThat(memory.path("peak_resident_bytes").longValue())
                .isGreaterThanOrEqualTo(memory.path("resident_bytes").longValue());
    }

    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    @Test
    void ended_stoppedWhenAllIsDone_isFinished() throws IOException {
        try (RunStatus status = RunStatus.open(directory)) {
            status.finished();
            status.ended(RunStatus.State.STOPPED, null);
        }
        assertThat(state()).isEqualTo("finished");
    }

    @Test
    void ended_stoppedBefore_staysStopped() throws IOException {
        try (RunStatus status = RunStatus.open(directory)) {
            status.ended(RunStatus.State.STOPPED, null);
            status.finished();
        }
        assertThat(state()).isEqualTo("stopped");
    }

    @Test
    void finished_whileACommandRuns_isLeftToTheCommand() throws IOException {
        try (RunStatus status = RunStatus.open(directory)) {
            status.running("reward", "reward");
            status.finished();
            status.ended(RunStatus.State.STOPPED, "interrupted while measuring");
        }
        assertThat(state()).isEqualTo("stopped");
    }

    @Test
    void requireCommand_ofAnother_isRefused_whereNoneIsKnown_not() throws IOException {
        RunStatus.requireCommand(directory, "rank");
        RunStatus.open(directory).close(); // of no command
        RunStatus.requireCommand(directory, "rank");
        try (RunStatus status = RunStatus.open(directory)) {
            status.running("eval", "judge");
        }
        RunStatus.requireCommand(directory, "eval");
        assertThatThrownBy(() -> RunStatus.requireCommand(directory, "rank"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("output: " + directory + " holds a run of eval; choose another directory");
        Files.writeString(directory.resolve(RunStatus.NAME), "{");
        RunStatus.requireCommand(directory, "rank");
    }

    @Test
    void ended_failedWhenAllIsDone_isFailed() throws IOException {
        try (RunStatus status = RunStatus.open(directory)) {
            status.finished();
            status.ended(RunStatus.State.FAILED, "the card cannot be written");
        }
        assertThat(state()).isEqualTo("failed");
    }
}
