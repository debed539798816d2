package ai.preceptor.track.trackio;

import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.track.LoggedLine;
import ai.preceptor.track.RunOutcome;
import ai.preceptor.track.TrackedRun;
import ai.preceptor.track.Tracker;
import ai.preceptor.track.TrackerState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Leaves a Python program in the run directory that gives the run's metrics to trackio by its own functions. Trackio has no
 * format or protocol for other programs: its import of CSV cuts names to ten characters and takes new projects only, and its
 * database is its own. The program may be run during the run and again after it; it sends what is new.
 */
public final class TrackioTracker implements Tracker {
    private static final String PROGRAM = "trackio_import.py";

    @Override
    public String name() {
        return "trackio";
    }

    @Override
    public String open(TrackedRun run, TrackerState state, int fromStep) throws IOException {
        Path program = run.directory().resolve(PROGRAM);
        try (InputStream text = TrackioTracker.class.getResourceAsStream(PROGRAM)) {
            if (text == null) {
                throw new IllegalStateException(PROGRAM + " is missing in this program");
            }
            AtomicFiles.writeString(program, new String(text.readAllBytes(), StandardCharsets.UTF_8));
        }
        return "python " + program + " gives the run to trackio";
    }

    /** The program reads the file. */
    @Override
    public void log(List<LoggedLine> lines) {}

    @Override
    public void finish(RunOutcome outcome) {}
}
