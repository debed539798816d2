package ai.preceptor.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link RowFileFormat} does. */
public abstract class RowFileFormatContract {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    Path dir;

    /** The format. */
    protected abstract RowFileFormat format();

    /** A file of two rows, with the prompts {@code "a\nb"} and {@code "ü"} and perhaps other columns. */
    protected abstract Path twoRows(Path directory) throws IOException;

    @Test
    void open_givesRowsInOrder_withTheirPlaces() throws IOException, RowException {
        Path file = twoRows(dir);
        List<String> prompts = new ArrayList<>();
        long before = 0;
        try (RowCursor cursor = format().open(file)) {
            while (cursor.advance()) {
                JsonNode row = MAPPER.readTree(cursor.text());
                assertThat(cursor.text()).as("one line, and the same again").doesNotContain("\n");
                prompts.add(row.path("prompt").textValue());
                assertThat(cursor.place().file()).isEqualTo(file);
                assertThat(cursor.place().number()).isGreaterThan(before);
                before = cursor.place().number();
            }
            assertThat(cursor.advance()).as("after the end").isFalse();
        }
        assertThat(prompts).containsExactly("a\nb", "ü");
    }

    @Test
    void rows_areCountedWithoutBeingReadMoreThanNeeded() throws IOException {
        Path file = twoRows(dir);
        assertThat(format().rows(file))
                .satisfiesAnyOf(
                        said -> assertThat(said).isEmpty(),
                        said -> assertThat(said).hasValue(2));
        RowFiles files = RowFiles.of(file, List.of(format()));
        assertThat(files.rows(1)).isEqualTo(1);
        assertThat(files.rows(5)).isEqualTo(2);
    }

    @Test
    void extensions_areLowerCaseWithoutDot_andNameTheFormat() throws IOException {
        assertThat(format().extensions())
                .isNotEmpty()
                .allSatisfy(extension -> assertThat(extension)
                        .isEqualTo(extension.toLowerCase(Locale.ROOT))
                        .doesNotStartWith("."));
        Path file = twoRows(dir);
        assertThat(RowFiles.of(file, List.of(format())).format().name()).isEqualTo(format().name());
    }

    @Test
    void recognizes_nothingInNothing() {
        assertThat(format().recognizes(new byte[0])).isFalse();
        assertThat(format().recognizes(new byte[] {0, 1, 2})).isFalse();
    }

    @Test
    void open_missingFile_isADataErrorThatNamesIt() {
        Path missing = dir.resolve("missing." + format().extensions().get(0));
        assertThatThrownBy(() -> format().open(missing))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(missing.toString());
    }

    @Test
    void open_noise_isADataErrorThatNamesIt() throws IOException {
        Path noise = Files.write(dir.resolve("noise"), new byte[] {'P', 'A', 'R', '1', 0, 9, 8, 7, 6, 5, 4, 3, 2, 1});
        assertThatThrownBy(() -> {
                    try (RowCursor cursor = format().open(noise)) {
                        cursor.advance();
                    }
                })
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(noise.toString());
    }
}
