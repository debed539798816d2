package ai.preceptor.track.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.track.RunFixture;
import ai.preceptor.track.RunOutcome;
import ai.preceptor.track.Tracker;
import ai.preceptor.track.TrackerContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTrackerTest extends TrackerContract {
    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    Path run;

    @Override
    protected Tracker tracker() {
        return new TensorBoardTracker(() -> NOW);
    }

    @Override
    protected Map<String, List<Double>> recorded(Path directory) throws IOException {
        return EventReader.scalars(directory.resolve("tensorboard"));
    }

    @Override
    protected double kept(double value) {
        return (float) value;
    }

    /** CRC-32C of "123456789" is e3069283; the mask rotates it right by 15 bits and adds a282ead8. */
    @Test
    void checksum_isTheMaskedCrc() {
        assertThat(RecordFile.checksum("123456789".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(0xc78ab0e5);
    }

    /** The bytes that tensorboard 2.21 (tensorboard.compat.proto.event_pb2) makes of the same event. */
    @Test
    void scalar_equalsTheMessageOfTensorBoard() {
        assertThat(HexFormat.of()
                        .formatHex(Events.scalars(1.5, 300, Map.of("loss", 0.1)).toBytes()))
                .isEqualTo("09000000000000f83f10ac022a0d0a0b0a046c6f737315cdcccc3d");
    }

    @Test
    void file_beginsWithItsVersion_andTheSettings() throws IOException {
        new RunFixture(run).deliver(tracker(), 0, () -> NOW);
        List<Map<Integer, List<Object>>> events = EventReader.events(files().get(0));
        assertThat(EventReader.text(events.get(0), 3)).isEqualTo("brain.Event:2");
        String settings = new String((byte[]) events.get(1).get(5).get(0), StandardCharsets.ISO_8859_1);
        assertThat(settings).contains("_hparams_/session_start_info", "hparams", "learning_rate", "shuffle");
    }

    /** Four of a step, cut, and indented so that markup stays text. */
    @Test
    void samples_areTextOfLimitedSize() throws IOException {
        RunFixture fixture = new RunFixture(run);
        for (int i = 0; i < 9; i++) {
            String completion = i == 0 ? "x".repeat(50_000) : "<script>" + i + "</script>\\n# no heading";
            fixture.add(
                    "samples.jsonl",
                    "{\"step\":1,\"prompt\":[{\"role\":\"user\",\"content\":\"hi\"}],\"completion\":\"" + completion
                            + "\",\"score\":" + (i == 1 ? "null" : "0.5") + "}\n");
        }
        Tracker tracker = tracker();
        fixture.deliver(tracker, 0, () -> NOW);
        tracker.finish(RunOutcome.FINISHED);
        List<Map<Integer, List<Object>>> events = EventReader.events(files().get(0));
        assertThat(events).hasSize(3);
        String text = new String((byte[]) events.get(2).get(5).get(0), StandardCharsets.UTF_8);
        assertThat(text).hasSizeLessThan(3000).contains("    <script>3</script>\n    # no heading", "    none");
        assertThat(text).doesNotContain("<script>4");
    }

    @Test
    void files_ofProcessesInOneSecond_areInOrder() throws IOException {
        RunFixture fixture = new RunFixture(run);
        for (int process = 0; process < 3; process++) {
            fixture.deliver(new TensorBoardTracker(process == 2 ? () -> NOW - 5000 : () -> NOW), 0, () -> NOW);
        }
        assertThat(files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "events.out.tfevents.1700000000.preceptor.00000",
                        "events.out.tfevents.1700000000.preceptor.00001",
                        "events.out.tfevents.1700000000.preceptor.00002");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("tensorboard"))) {
            return files.sorted().toList();
        }
    }
}
