package ai.preceptor.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RankRowsTest {
    @TempDir
    private Path directory;

    private RankRows of(String... lines) throws IOException {
        return RankRows.of(Files.writeString(directory.resolve("rows.jsonl"), String.join("\n", lines)));
    }

    /** Its reader refuses a bad row, or skips it, as on_bad_row says. */
    @Test
    void of_isWhatTheKeysSay_alsoOfABadRow() throws IOException {
        String labeled = "{\"prompt\": \"%s\", \"completion\": \"c\", \"label\": true}";
        assertThat(of(labeled.formatted(" "), labeled.formatted("p"))).isEqualTo(RankRows.LABELED);
        assertThat(of("{", "{\"prompt\": \"p\"}", labeled.formatted("p"))).isEqualTo(RankRows.LABELED);
        assertThat(of("{\"prompt\": \"\", \"responses\": [\"a\"], \"scores\": [1]}"))
                .isEqualTo(RankRows.GROUPS);
        assertThat(of("{\"prompt\": \"\", \"completions\": [\"a\"], \"labels\": [1]}"))
                .isEqualTo(RankRows.STEPS);
        assertThat(of("{\"prompt\": \"p\"}")).isEqualTo(RankRows.PAIRS);
        assertThat(RankRows.of(directory.resolve("none.jsonl"))).isEqualTo(RankRows.PAIRS);
    }

    /** As a Parquet file has columns that are empty in a row. */
    @Test
    void of_keysWithoutValues_sayNothing() throws IOException {
        assertThat(of("{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\", \"responses\": null}"))
                .isEqualTo(RankRows.PAIRS);
    }
}
