package ai.preceptor.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStatusTest {
    @TempDir
    Path directory;

    private String state() throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(RunStatus.NAME).toFile())
                .path("state")
                .asText();
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
    void ended_failedWhenAllIsDone_isFailed() throws IOException {
        try (RunStatus status = RunStatus.open(directory)) {
            status.finished();
            status.ended(RunStatus.State.FAILED, "the card cannot be written");
        }
        assertThat(state()).isEqualTo("failed");
    }
}
