package ai.preceptor.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
    @TempDir
    private Path dir;

    /** Written by Python's csv, json and datasets 5.2.0: {@code make.py} in the tests of the Parquet module says how. */
    private static Path golden(String name) {
        try {
            return Path.of(Objects.requireNonNull(CsvTest.class.getResource("/tables/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path csv(String text) throws IOException {
        return Files.writeString(dir.resolve("rows.csv"), text);
    }

    private static Dataset<Preference> preferences(Path file) {
        return Datasets.preferences(file, 0, OnBadRow.FAIL);
    }

    private void refused(String text, String message) throws IOException {
        Path file = csv(text);
        assertThatThrownBy(() -> preferences(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + message);
    }

    @Test
    void open_filesOfDatasets_haveTheRowsOfJsonLines() {
        assertThat(preferences(golden("plain-datasets.csv")).rows())
                .isEqualTo(preferences(golden("plain.jsonl")).rows());
    }

    @Test
    void open_messagesAsJson_haveTheRowsOfJsonLines() {
        List<Preference> csv = preferences(golden("pairs.csv")).rows();
        List<Preference> json = preferences(golden("pairs.jsonl")).rows();
        assertThat(csv).hasSameSizeAs(json);
        for (int i = 0; i < csv.size(); i++) {
            assertThat(csv.get(i).prompt().text())
                    .isEqualTo(json.get(i).prompt().text());
            assertThat(csv.get(i).chosen()).isEqualTo(json.get(i).chosen());
            assertThat(csv.get(i).rejected()).isEqualTo(json.get(i).rejected());
            assertThat(csv.get(i).margin()).isEqualTo(json.get(i).margin());
            assertThat(csv.get(i).prompt().columns().get("n")).isEqualTo(String.valueOf(i));
        }
    }

    @Test
    void open_places_areLinesAlsoAfterQuotedLineFeeds() throws IOException {
        Path file = csv("prompt,completion,label\n\"a\nb\",c,True\n\nd,e,0\n");
        Dataset<LabeledCompletion> rows = Datasets.unpaired(file, 0, OnBadRow.FAIL);
        assertThat(rows.places()).extracting(RowPlace::toString).containsExactly(file + ":2", file + ":5");
        assertThat(rows.rows()).extracting(LabeledCompletion::label).containsExactly(true, false);
        assertThat(rows.rows().get(0).prompt()).isEqualTo(Prompt.plain("a\nb"));
    }

    @Test
    void open_badRows_sayWhatIsWrong() throws IOException {
        refused("prompt,chosen,rejected\na,b\n", ":2: expected 3 cells, as the header has, found 2");
        refused(
                "prompt,chosen,rejected\n\"[{'role': 'user', 'content': 'a'}]\",b,c\n",
                ":2: key \"prompt\": expected JSON in a cell of this column, found \"[{'role': 'user', 'content': 'a'}]\","
                        + " which may be a list as Python prints it");
        refused(
                "prompt,chosen,rejected,margin\na,b,c,much\n",
                ":2: key \"margin\": expected a finite number, found string \"much\"");
        refused("prompt,prompt\na,b\n", ":1: expected a column's name once in the header, found \"prompt\" twice");
        refused(",\na,b\n", ":1: expected the names of columns in the first line, found none");
        refused("", ": nothing to learn from: the file has no rows");
    }

    @Test
    void open_otherFile_isNamedAsNoCsv() throws IOException {
        Path excel = Files.write(dir.resolve("u.csv"), "prompt\na\n".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> preferences(excel))
                .isInstanceOf(DataException.class)
                .hasMessage(excel + ": expected CSV (UTF-8, plain or gzip), found UTF-16 text");
        refused("PK\u0003\u0004", ": expected CSV (UTF-8, plain or gzip), found a zip archive");
    }

    @Test
    void open_tooMuchForARow_isRefusedInBoundedMemory() throws IOException {
        refused(",".repeat(1 << 20) + "\n", ":1: expected at most 10000 columns, found more");
        refused("a,b\n" + ",".repeat(1 << 20) + "\n", ":2: expected 2 cells, as the header has, found 1048577");
        String names = IntStream.range(0, 70).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String cells = ("a".repeat(1 << 20) + ",").repeat(70);
        refused(names + "\n" + cells + "\n", ":2: expected CSV, found a row longer than 64 MiB at or after this line");
    }

    @Test
    void open_damagedFile_isADataError() throws IOException {
        Path open = csv("prompt,chosen,rejected\na,b,\"c\n");
        assertThatThrownBy(() -> preferences(open))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(open + ":2: expected CSV, found a damaged row at or after this line");
        Path latin = Files.write(dir.resolve("latin.csv"), "prompt\n\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Datasets.prompts(latin, 0, OnBadRow.FAIL))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected UTF-8");
    }

    @Test
    void open_columnsOfTheChatTemplate_areJson() throws IOException {
        Path file = csv("prompt,documents,chat_template_kwargs\n"
                + "p,\"[{\"\"title\"\": \"\"t\"\"}]\",\"{\"\"thinking\"\": true}\"\n");
        assertThat(Datasets.prompts(file, 0, OnBadRow.FAIL).rows().get(0).columns())
                .isEqualTo(Map.of(
                        "documents", List.of(Map.of("title", "t")), "chat_template_kwargs", Map.of("thinking", true)));
        assertThatThrownBy(() -> Datasets.prompts(csv("prompt,documents\np,text\n"), 0, OnBadRow.FAIL))
                .hasMessageContaining("key \"documents\": expected JSON in a cell of this column");
    }
}
