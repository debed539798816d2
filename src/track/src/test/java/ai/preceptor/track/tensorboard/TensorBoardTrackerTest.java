package ai.preceptor.track.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.track.RunFixture;
import ai.preceptor.track.RunOutcome;
import ai.preceptor.track.Tracker;
import ai.preceptor.track.TrackerContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** A full disk: the thread opens again and again. */
    @Test
    void open_whoseWritingFails_leavesNoFile() throws IOException {
        List<FullDisk> opened = new ArrayList<>();
        Tracker tracker = new TensorBoardTracker(() -> NOW, file -> {
            FullDisk disk = new FullDisk(RecordFile.open(file), opened.size() < 2);
            opened.add(disk);
            return disk;
        });
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> new RunFixture(run).deliver(tracker, 0, () -> NOW))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no space left");
            assertThat(files()).isEmpty();
        }
        assertThat(opened).hasSize(2).noneMatch(FullDisk::isOpen);
        new RunFixture(run).deliver(tracker, 0, () -> NOW);
        tracker.finish(RunOutcome.FINISHED);
        assertThat(files()).hasSize(1);
        assertThat(EventReader.events(files().get(0))).hasSize(2);
    }

    /** A file on a disk on which, if it is full, some bytes find their place and the next do not. */
    private record FullDisk(SeekableByteChannel file, boolean isFull) implements SeekableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (!isFull) {
                return file.write(bytes);
            }
            if (file.position() > 0) {
                throw new IOException("no space left");
            }
            ByteBuffer some = bytes.slice().limit(5);
            int written = file.write(some);
            bytes.position(bytes.position() + written);
            return written;
        }

        @Override
        public int read(ByteBuffer bytes) throws IOException {
            return file.read(bytes);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long next) throws IOException {
            return file.position(next);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            return file.truncate(size);
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("tensorboard"))) {
            return files.sorted().toList();
        }
    }
}
