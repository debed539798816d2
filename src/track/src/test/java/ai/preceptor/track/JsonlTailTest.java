package ai.preceptor.track;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonlTailTest {
    @TempDir
    Path directory;

    private static List<Integer> steps(List<JsonNode> rows) {
        return rows.stream().map(row -> row.path("step").asInt()).toList();
    }

    /** Each line has 11 bytes with its end. */
    @Test
    void next_endsWithTheLineThatReachesTheBytes() throws IOException {
        RunFixture fixture = new RunFixture(directory);
        for (int step = 1; step <= 7; step++) {
            fixture.add("samples.jsonl", "{\"step\":" + step + "}\n");
        }
        JsonlTail tail = new JsonlTail(fixture.run().samples());
        assertThat(steps(tail.next(200, 1))).containsExactly(1);
        assertThat(steps(tail.next(200, 22))).containsExactly(2, 3);
        assertThat(steps(tail.next(200, 23))).containsExactly(4, 5, 6);
        assertThat(steps(tail.next(200, 1000))).containsExactly(7);
        assertThat(tail.next(200, 1000)).isEmpty();
    }

    /** What is given of long samples does not depend on how many are read at once. */
    @Test
    void samples_longerThanACall_areAllGiven() throws IOException {
        RunFixture fixture = new RunFixture(directory);
        for (int step = 1; step <= 5; step++) {
            fixture.add(
                    "samples.jsonl",
                    "{\"step\":" + step + ",\"prompt\":\"p\",\"completion\":\"" + "x".repeat(700_000) + "\"}\n");
        }
        List<List<Integer>> calls = new ArrayList<>();
        fixture.deliver(new Samples(calls), 0, () -> 1L);
        assertThat(calls).containsExactly(List.of(1, 2), List.of(3, 4), List.of(5));
    }

    private record Samples(List<List<Integer>> calls) implements Tracker {
        @Override
        public String name() {
            return "samples";
        }

        @Override
        public boolean takesSamples() {
            return true;
        }

        @Override
        public String open(TrackedRun run, TrackerState state, int fromStep) {
            return "here";
        }

        @Override
        public void log(List<LoggedLine> lines) {}

        @Override
        public void logSamples(List<LoggedSample> samples) {
            calls.add(samples.stream().map(LoggedSample::step).toList());
        }

        @Override
        public void finish(RunOutcome outcome) {}
    }
}
