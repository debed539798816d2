package ai.preceptor.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A checkpoint in which anything has changed is known, and the one before it taken. */
class CheckpointsTest {
    private static final List<String> FILES = List.of("weights.bin", "part/moments.bin", "trainer_state.json");

    @TempDir
    Path folder;

    private Path newest;

    @BeforeEach
    void saveTwo() {
        Checkpoints checkpoints = new Checkpoints(folder);
        checkpoints.save(new Position(3, 9, 0.1, 30), Map.of("seed", "1"), List.of(new Numbers()));
        newest = checkpoints.save(new Position(6, 9, 1.0 / 3, 60), Map.of("seed", "1"), List.of(new Numbers()));
    }

    @Test
    void latest_nothingChanged_isTheNewest() {
        assertThat(latestStep()).isEqualTo(6);
        assertThat(new Checkpoints(folder).latest().orElseThrow().position())
                .isEqualTo(new Position(6, 9, 1.0 / 3, 60));
    }

    /** Killed between the two renames of a replacement. */
    @Test
    void latest_replacedHalfway_isTheFormer() throws IOException {
        Files.move(newest, folder.resolve(".step-6.4711-0123abcd.old"));
        assertThat(latestStep()).isEqualTo(6);
        assertThat(newest).isDirectory();
    }

    @Test
    void save_thereAlready_isLeftUnlessForgotten() throws IOException {
        Checkpoints checkpoints = new Checkpoints(folder);
        checkpoints.latest();
        Position position = new Position(6, 9, 1.0 / 3, 60);
        Stateful other = new Numbers() {
            @Override
            public void saveState(Path checkpoint) {
                super.saveState(checkpoint);
                try {
                    Files.writeString(checkpoint.resolve("weights.bin"), "other");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        checkpoints.save(position, Map.of("seed", "1"), List.of(other));
        assertThat(newest.resolve("weights.bin")).content().isNotEqualTo("other");
        assertThat(checkpoints.forget(5)).isFalse();
        assertThat(checkpoints.forget(6)).isTrue();
        checkpoints.save(position, Map.of("seed", "1"), List.of(other));
        assertThat(newest.resolve("weights.bin")).content().isEqualTo("other");
        assertThat(latestStep()).isEqualTo(6);
    }

    /** All bits of all files, the list of the files itself included. */
    @Test
    void latest_anyBitFlipped_isTheOneBefore() throws IOException {
        for (String name : FILES) {
            Path file = newest.resolve(name);
            byte[] good = Files.readAllBytes(file);
            for (int bit = 0; bit < 8 * good.length; bit++) {
                byte[] bad = good.clone();
                bad[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(file, bad);
                assertThat(latestStep()).as("%s, bit %d", name, bit).isEqualTo(3);
            }
            Files.write(file, good);
            assertThat(latestStep()).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.bin", "part/moments.bin", "trainer_state.json"})
    void latest_missingEmptyOrLongerFile_isTheOneBefore(String name) throws IOException {
        Path file = newest.resolve(name);
        byte[] good = Files.readAllBytes(file);
        Files.delete(file);
        assertThat(latestStep()).isEqualTo(3);
        Files.write(file, new byte[0]);
        assertThat(latestStep()).isEqualTo(3);
        Files.write(file, Arrays.copyOf(good, good.length + 1));
        assertThat(latestStep()).isEqualTo(3);
    }

    @Test
    void latest_unexpectedFile_isTheOneBefore_aHiddenOneIsNothing() throws IOException {
        Files.writeString(newest.resolve(".of-the-system"), "x");
        assertThat(latestStep()).isEqualTo(6);
        Files.writeString(newest.resolve("policy.jsonl"), "{}");
        assertThat(latestStep()).isEqualTo(3);
    }

    @Test
    void latest_damaged_isNamedInOneLineWithItsFile() throws IOException {
        Files.write(newest.resolve("weights.bin"), new byte[] {0, 1, 3, (byte) 200});
        Logger logger = (Logger) LoggerFactory.getLogger(Checkpoints.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            latestStep();
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage())
                        .contains(newest + " is damaged: weights.bin has checksum ", ", expected ")
                        .endsWith("; going on from " + folder.resolve("step-3")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            weights.bin        | step-6 is damaged: weights.bin has checksum
            part/moments.bin   | step-3 is damaged: part/moments.bin has checksum
            trainer_state.json | step-6 is damaged: trainer_state.json
            """)
    void latest_noneWhole_namesEveryOneAndItsFile(String name, String said) throws IOException {
        for (String step : List.of("step-3", "step-6")) {
            Path file = folder.resolve(step).resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        assertThatThrownBy(this::latestStep)
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no checkpoint is intact")
                .hasMessageContaining("step-3 is damaged")
                .hasMessageContaining(said);
        assertThat(folder.toFile().list()).as("nothing is removed").containsExactlyInAnyOrder("step-3", "step-6");
    }

    /** As it was written before there were checksums: sizes only. */
    @Test
    void latest_withoutChecksums_isTakenBySizes() throws IOException {
        Files.writeString(newest.resolve("trainer_state.json"), """
                {
                  "position" : {"step" : 6, "totalSteps" : 9, "epoch" : 0.5, "tokens" : 60},
                  "identity" : {"seed" : "1"},
                  "files" : {"part/moments.bin" : 3, "weights.bin" : 4}
                }
                """);
        assertThat(latestStep()).isEqualTo(6);
        Files.write(newest.resolve("weights.bin"), new byte[5]);
        assertThat(latestStep()).isEqualTo(3);
    }

    /** The list of files does not depend on the order in which a process happens to keep its keys. */
    @Test
    void text_readBack_isTheSame() throws IOException {
        byte[] text = Files.readAllBytes(newest.resolve("trainer_state.json"));
        TrainerState state = TrainerState.read(text);
        assertThat(state.text()).isEqualTo(text);
        assertThat(state.files().keySet()).containsExactly("part/moments.bin", "weights.bin");
        assertThat(state.files().get("weights.bin").bytes()).isEqualTo(4);
    }

    /** RFC 3720, appendix B.4: 32 bytes of zeros, and 32 of ones. */
    @Test
    void sum_isCrc32c() throws IOException {
        Path file = Files.write(folder.resolve("zeros"), new byte[32]);
        assertThat(FileSum.of(file)).isEqualTo(new FileSum(32, "8a9136aa"));
        byte[] ones = new byte[32];
        Arrays.fill(ones, (byte) 0xff);
        assertThat(FileSum.checksum(ones)).isEqualTo("62a8ab43");
    }

    private int latestStep() {
        return new Checkpoints(folder).latest().orElseThrow().position().step();
    }

    private static class Numbers implements Stateful {
        @Override
        public void saveState(Path checkpoint) {
            try {
                Files.write(checkpoint.resolve("weights.bin"), new byte[] {0, 1, 2, (byte) 200});
                Files.createDirectories(checkpoint.resolve("part"));
                Files.write(checkpoint.resolve("part/moments.bin"), new byte[] {9, 8, 7});
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void loadState(Path checkpoint) {}
    }
}
