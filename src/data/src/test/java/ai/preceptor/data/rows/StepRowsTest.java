package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.steps.LabeledSteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of steps with a label each. */
class StepRowsTest {
    @TempDir
    private Path directory;

    private Path file(String... lines) throws IOException {
        return Files.write(directory.resolve("steps.jsonl"), List.of(lines));
    }

    @Test
    void rows_areReadAndWrittenBack() throws IOException {
        Path file =
                file("{\"prompt\": \"p\", \"completions\": [\"a\", \"b\"], \"labels\": [true, 0], \"source\": \"s\"}");
        LabeledSteps row = Datasets.steps(file, 0, OnBadRow.FAIL).rows().get(0);
        assertThat(row.steps()).containsExactly("a", "b");
        assertThat(row.labels()).containsExactly(true, false);
        assertThat(row.prompt().columns()).containsEntry("source", "s");
        Path copy = directory.resolve("copy.jsonl");
        RowFormat.STEPS.write(copy, List.of(row));
        assertThat(Datasets.steps(copy, 0, OnBadRow.FAIL).rows()).containsExactly(row);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"a\", \"b\"] | [true] | labels\": expected one per step of completions (2), found a list of 1",
                "[\"a\"] | [true, false] | labels\": expected one per step of completions (1), found a list of 2",
                "[] | [] | completions\": expected at least 1 step, found an empty list",
                "[\"a\", \" \"] | [true, true] | completions[1]\": expected a step that says something",
                "[\"a\"] | [2] | labels[0]\": expected true or false",
                "[1] | [true] | completions[0]\": expected a string",
            })
    void labelsThatDoNotFit_areRefusedWithFileAndLine(String steps, String labels, String message) throws IOException {
        Path file = file(
                "{\"prompt\": \"p\", \"completions\": [\"a\"], \"labels\": [true]}",
                "{\"prompt\": \"p\", \"completions\": " + steps + ", \"labels\": " + labels + "}");
        assertThatThrownBy(() -> Datasets.steps(file, 0, OnBadRow.FAIL))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file + ":2: key \"" + message);
        assertThat(Datasets.steps(file, 0, OnBadRow.SKIP).rows()).hasSize(1);
    }
}
