package ai.preceptor.track;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** As a resumed run that makes its last evaluation again, whose line is shorter, longer or seen while it is gone. */
    @ParameterizedTest
    @CsvSource({"0.5, 0.123456", "0.123456, 0.5", "0.5, 0.25"})
    void next_lastLineMadeAgain_goesOnWithWholeLines(String loss, String again) throws IOException {
        for (boolean isSeenCut : new boolean[] {true, false}) {
            RunFixture fixture = new RunFixture(Files.createDirectories(directory.resolve("" + isSeenCut)));
            fixture.steps(1, 2);
            fixture.add("metrics.jsonl", "{\"step\":2,\"eval_loss\":" + loss + "}\n");
            JsonlTail tail = new JsonlTail(fixture.run().metrics());
            assertThat(steps(tail.next(200, 1000))).containsExactly(1, 2, 2);
            fixture.cutAfter(2);
            if (isSeenCut) {
                assertThat(tail.next(200, 1000)).isEmpty();
            }
            fixture.add("metrics.jsonl", "{\"step\":2,\"eval_loss\":" + again + "}\n");
            fixture.steps(3, 4);
            List<JsonNode> rows = tail.next(200, 1000);
            assertThat(steps(rows)).endsWith(3, 4);
            assertThat(rows.subList(0, rows.size() - 2))
                    .as("the evaluation, unless its line was passed over")
                    .allSatisfy(
                            row -> assertThat(row.path("eval_loss").asText()).isEqualTo(again));
            assertThat(tail.next(200, 1000)).isEmpty();
        }
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
