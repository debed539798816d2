package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadRowsTest {
    private static final String GOOD = "{\"prompt\": \"p\"}\n";
    private static final String BAD = "{\"prompt\": 3}\n";

    @TempDir
    Path directory;

    @Test
    void read_severalBadRows_areToldTogether() throws IOException {
        String message = refused(GOOD + BAD + GOOD + "not json\n" + GOOD);
        assertThat(message.lines()).hasSize(3);
        assertThat(message)
                .startsWith("2 invalid rows (on_bad_row=skip leaves such rows out)\n")
                .contains("rows.jsonl:2: ", "rows.jsonl:4: ");
    }

    @Test
    void read_oneBadRow_isToldAlone() throws IOException {
        assertThat(refused(GOOD + BAD)).contains("rows.jsonl:2: ").doesNotContain("\n");
    }

    @Test
    void read_manyBadRows_endsAtTheLimit() throws IOException {
        String message = refused(BAD.repeat(BadRows.LIMIT + 5));
        assertThat(message)
                .startsWith("the first " + BadRows.LIMIT + " invalid rows")
                .doesNotContain("jsonl:21:");
        assertThat(message.lines()).hasSize(BadRows.LIMIT + 1);
    }

    @Test
    void require_rowsThatACommandCannotUse_areToldTogether() throws IOException {
        String rows = IntStream.range(0, 5)
                .mapToObj(i -> "{\"prompt\": \"" + i + "\"}")
                .collect(Collectors.joining("\n"));
        Path file = write(rows);
        Dataset<Prompt> read = Datasets.prompts(file, 0, OnBadRow.FAIL);
        String message = catchThrowableOfType(
                        DataException.class,
                        () -> read.require(
                                file,
                                OnBadRow.FAIL,
                                row -> Optional.of("too short")
                                        .filter(why -> !row.text().asString().equals("2"))))
                .getMessage();
        assertThat(message).startsWith("4 invalid rows").contains(":1: too short", ":5: too short");
        assertThat(message).doesNotContain(":3: ");
    }

    private String refused(String text) throws IOException {
        Path file = write(text);
        return catchThrowableOfType(DataException.class, () -> Datasets.prompts(file, 0, OnBadRow.FAIL))
                .getMessage();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("rows.jsonl"), text);
    }
}
