package ai.preceptor.track.trackio;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.track.RunFixture;
import ai.preceptor.track.type.TrackerType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
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
}
