package ai.preceptor.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are written are read back as they were. */
class RowFormatTest {
    @TempDir
    Path directory;

    @Test
    void row_ofEveryFormat_isReadBack() throws IOException {
        assertThat(roundTrip(RowFormat.preferences(), Golden.file("pairs.jsonl")))
                .hasSize(24);
        assertThat(roundTrip(RowFormat.rankedGroups(), Golden.file("ranked.jsonl")))
                .hasSize(10);
        Path demonstrations = Files.writeString(directory.resolve("d.jsonl"), """
                {"prompt": "2 + 2 =", "completion": " 4", "level": 1}
                {"prompt": [{"role": "user", "content": "Hi"}], "completion": [{"role": "assistant", "content": "Ho"}]}
                {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}
                """);
        assertThat(roundTrip(RowFormat.demonstrations(), demonstrations)).hasSize(3);
    }

    private <R> List<R> roundTrip(RowFormat<R> format, Path file) {
        List<R> rows = format.reader().read(file, 0, OnBadRow.FAIL).rows();
        Path written = directory.resolve("written.jsonl");
        JsonlWriter.replace(written, rows.stream().map(format.row()).toList());
        assertThat(format.reader().read(written, 0, OnBadRow.FAIL).rows()).isEqualTo(rows);
        return rows;
    }
}
