package ai.preceptor.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Tracker} must do that keeps values of its own. */
public abstract class TrackerContract {
    @TempDir
    Path directory;

    private long now = 1_700_000_000_000L;

    /** A tracker for one more process of the run. */
    protected abstract Tracker tracker();

    /** What it has of the run in {@code directory}: values by {@code STEP NAME}, each once for every time it is recorded. */
    protected abstract Map<String, List<Double>> recorded(Path directory) throws IOException;

    /** A value as it keeps values. */
    protected abstract double kept(double value);

    private RunFixture fixture() {
        return new RunFixture(directory);
    }

    private void deliver(int firstStep) throws IOException {
        now += 1000;
        fixture().deliver(tracker(), firstStep, () -> now);
    }

    private Map<String, List<Double>> steps(int to) {
        Map<String, List<Double>> expected = new TreeMap<>();
        for (int step = 1; step <= to; step++) {
            expected.put(step + " loss", List.of(kept(RunFixture.loss(step))));
            expected.put(step + " rewards/margins", List.of(kept(-step)));
        }
        return expected;
    }

    @Test
    void name_isThatOfAFile() {
        assertThat(tracker().name()).matches("[a-z0-9_]+");
    }

    @Test
    void lines_areRecordedOnceWithTheirStepAndValue() throws IOException {
        fixture().steps(1, 450);
        fixture().evaluation(450);
        deliver(0);
        Map<String, List<Double>> expected = steps(450);
        expected.put("450 eval_loss", List.of(kept(RunFixture.loss(450))));
        assertThat(recorded(directory)).isEqualTo(expected);
    }

    @Test
    void run_resumed_goesOn() throws IOException {
        fixture().steps(1, 3);
        deliver(0);
        fixture().steps(4, 5);
        deliver(3);
        assertThat(recorded(directory)).isEqualTo(steps(5));
    }

    /** The process was killed after step 5, and the last checkpoint is that of step 2. */
    @Test
    void run_resumedBeforeWhatWasRecorded_hasEveryStepOnce() throws IOException {
        fixture().steps(1, 5);
        deliver(0);
        fixture().cutAfter(2);
        fixture().steps(3, 7);
        deliver(2);
        assertThat(recorded(directory)).isEqualTo(steps(7));
    }

    /** The first process had no tracker, or was killed before it delivered anything. */
    @Test
    void run_resumedWithoutAnythingRecorded_isRecordedWhole() throws IOException {
        fixture().steps(1, 4);
        fixture().evaluation(4);
        fixture().steps(5, 6);
        deliver(6);
        Map<String, List<Double>> expected = steps(6);
        expected.put("4 eval_loss", List.of(kept(RunFixture.loss(4))));
        assertThat(recorded(directory)).isEqualTo(expected);
    }

    @Test
    void run_thatStartsAnew_isRecordedAnew() throws IOException {
        fixture().steps(1, 5);
        deliver(0);
        fixture().cutAfter(0);
        fixture().steps(1, 2);
        deliver(0);
        assertThat(recorded(directory)).isEqualTo(steps(2));
    }

    @Test
    void values_thatAreNotFinite_areNoFailure() {
        fixture()
                .add(
                        "metrics.jsonl",
                        "{\"step\":1,\"loss\":\"NaN\",\"kl\":\"-Infinity\",\"note\":\"x\",\"none\":null}\n");
        assertThatCode(() -> deliver(0)).doesNotThrowAnyException();
    }

    @Test
    void end_isAccepted() {
        Tracker tracker = tracker();
        assertThatCode(() -> {
                    fixture().deliver(tracker, 0, () -> now);
                    tracker.finish(RunOutcome.KILLED);
                })
                .doesNotThrowAnyException();
    }
}
