package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceRowsTest {
    @TempDir
    private Path dir;

    private List<SourceRow> read(String... lines) {
        return Datasets.sources(Rows.file(dir, lines), 0, OnBadRow.FAIL).rows();
    }

    @Test
    void sources_keepTheLine() {
        String second = "{\"x\": 0.10, \"prompt\": \"b\" , \"y\":[1]}";
        List<SourceRow> rows = read("{\"prompt\": \"a\"}", "", second);
        assertThat(rows).hasSize(2);
        assertThat(rows.get(1).source()).isEqualTo(second);
        assertThat(rows.get(1).line()).isEqualTo(3);
        assertThat(rows.get(1).kind()).isEqualTo(SourceRow.Kind.PROMPTS);
        assertThat(rows.get(1).prompt().columns()).containsOnlyKeys("x", "y");
        assertThat(rows.get(1).answers()).isEmpty();
    }

    @Test
    void sources_ofPreferences() {
        List<SourceRow> rows = read(
                "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\", \"margin\": 2}",
                "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"b\"}");
        assertThat(rows.get(0).answers()).containsExactly(Text.plain("b"), Text.plain("c"));
        assertThat(rows.get(0).margin()).isEqualTo(2);
        assertThat(rows.get(0).unusable()).isNull();
        assertThat(rows.get(1).unusable()).isEqualTo("chosen == rejected");
    }

    @Test
    void sources_ofRankedGroups() {
        List<SourceRow> rows = read(
                "{\"prompt\": \"a\", \"responses\": [\"b\", \"c\"], \"scores\": [1, 0.5]}",
                "{\"prompt\": \"a\", \"responses\": [\"b\", \"c\"], \"scores\": [1, 1]}");
        assertThat(rows.get(0).kind()).isEqualTo(SourceRow.Kind.RANKED);
        assertThat(rows.get(0).scores()).containsExactly(1.0, 0.5);
        assertThat(rows.get(1).unusable()).isEqualTo("tie");
    }

    @Test
    void sources_ofDemonstrations() {
        List<SourceRow> rows = read("{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"n\": 1}");
        assertThat(rows.get(0).kind()).isEqualTo(SourceRow.Kind.DEMONSTRATIONS);
        assertThat(rows.get(0).answers()).containsExactly(Text.chat(Message.user("hi")));
        assertThat(read("{\"prompt\": \"a\", \"completion\": \"b\"}").get(0).kind())
                .isEqualTo(SourceRow.Kind.DEMONSTRATIONS);
        assertThat(read("{\"prompt\": \"a\", \"completion\": \"b\", \"label\": true}")
                        .get(0)
                        .kind())
                .isEqualTo(SourceRow.Kind.UNPAIRED);
    }

    @Test
    void sources_ofOneFormatOnly() {
        assertThatThrownBy(() -> read(
                        "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\"}",
                        "{\"prompt\": \"a\", \"completion\": \"b\"}"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(":2:")
                .hasMessageContaining("chosen");
        assertThatThrownBy(() -> read("{\"text\": \"a\"}"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected the keys of prompts (prompt)");
    }

    @Test
    void sources_ofPreferences_haveTheirNumbersAmongTheColumns() {
        List<SourceRow> rows = read("{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\", \"margin\": 2,"
                + " \"chosen_probability\": 0.9, \"x\": 1}");
        assertThat(rows.get(0).prompt().columns()).isEqualTo(Map.of("margin", 2.0, "chosen_probability", 0.9, "x", 1));
    }

    /** Their answers would not be looked at. */
    @Test
    void sources_ofCompletions_areRefused() {
        assertThatThrownBy(() -> read("{\"prompt\": \"a\", \"completions\": [\"b\"], \"labels\": [true]}"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(":1: key \"completions\": expected rows of one answer");
    }
}
