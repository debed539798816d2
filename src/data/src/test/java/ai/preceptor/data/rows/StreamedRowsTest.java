package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of JSON lines that are written and read row by row. */
class StreamedRowsTest {
    @TempDir
    private Path directory;

    @Test
    void replaceWith_writesWhatReplaceWrites() {
        List<Map<String, Object>> rows = List.of(Map.of("a", 1), Map.of("b", "ü\n"));
        Path one = directory.resolve("one.jsonl");
        Path two = directory.resolve("new/two.jsonl");
        JsonlWriter.replace(one, rows);
        JsonlWriter.replaceWith(two, out -> rows.forEach(out));
        assertThat(two).hasSameBinaryContentAs(one);
    }

    @Test
    void replaceWith_aRowThatCannotBeMade_leavesWhatWasThere() throws IOException {
        Path file = Files.writeString(directory.resolve("rows.jsonl"), "old");
        IllegalStateException failure = new IllegalStateException("no second row");
        assertThatThrownBy(() -> JsonlWriter.replaceWith(file, out -> {
                    out.accept(Map.of("a", 1));
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(file).hasContent("old");
        assertThat(directory).isDirectoryNotContaining("glob:**.aside");
    }

    /** A device that is always full. */
    @Test
    void replaceWith_twoFilesAtATime_saysWhichOneFails() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "there is no /dev/full");
        String large = "x".repeat(1 << 17);
        for (boolean outer : new boolean[] {true, false}) {
            Path good = directory.resolve("good.jsonl");
            assertThatThrownBy(() -> JsonlWriter.replaceWith(
                            outer ? full : good,
                            first -> JsonlWriter.replaceWith(outer ? good : full, second -> {
                                first.accept(Map.of("a", large));
                                second.accept(Map.of("a", large));
                            })))
                    .isInstanceOf(OutputException.class)
                    .hasMessageStartingWith(full + ": cannot be written");
            assertThat(good).doesNotExist();
        }
    }

    @Test
    void rowAt_findsWhatVisitToldThePlaceOf() {
        Path file = directory.resolve("rows.jsonl");
        try (JsonlWriter writer = JsonlWriter.append(file)) {
            writer.write(Map.of("a", "ü"));
            assertThat(writer.length()).isEqualTo("{\"a\":\"ü\"}\n".length() + 1);
            writer.write(Map.of("a", "x".repeat(20_000)));
            writer.write(Map.of("a", 3));
        }
        List<JsonNode> rows = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        JsonlReader.visitCommitted(file, (offset, line, row) -> {
            rows.add(row);
            offsets.add(offset);
            assertThat(line).isEqualTo(rows.size());
        });
        assertThat(rows).isEqualTo(JsonlReader.committedRows(file)).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(JsonlReader.rowAt(file, offsets.get(i))).isEqualTo(rows.get(i));
        }
        assertThatThrownBy(() -> JsonlReader.rowAt(file, 3))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": at byte 3: ");
    }
}
