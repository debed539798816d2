package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferencesTest {
    private static final String GOOD = "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}";
    private static final String SAME = "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"a\"}";
    private static final String EMPTY = "{\"prompt\": \"p\", \"chosen\": \" \", \"rejected\": \"a\"}";

    @TempDir
    Path dir;

    private Dataset<Preference> read(String... lines) {
        return Datasets.preferences(Rows.file(dir, lines), 0, OnBadRow.FAIL);
    }

    private Preference only(String line) {
        return read(line).rows().get(0);
    }

    @Test
    void preferences_plainExplicitPrompt_keepsTextsAsTheyAre() {
        Preference row = only("{\"prompt\": \"The sky is\", \"chosen\": \" blue.\", \"rejected\": \" green.\"}");
        assertThat(row)
                .isEqualTo(new Preference(Prompt.plain("The sky is"), Text.plain(" blue."), Text.plain(" green.")));
    }

    @Test
    void preferences_conversationalExplicitPrompt_keepsMessages() {
        Preference row = only("{\"prompt\": [{\"role\": \"system\", \"content\": \"s\"}, {\"role\": \"user\","
                + " \"content\": \"q\"}], \"chosen\": [{\"role\": \"assistant\", \"content\": \"a\"}],"
                + " \"rejected\": [{\"role\": \"assistant\", \"content\": \"b\"}]}");
        assertThat(row)
                .isEqualTo(new Preference(
                        Prompt.chat(Message.system("s"), Message.user("q")),
                        Text.chat(Message.assistant("a")),
                        Text.chat(Message.assistant("b"))));
    }

    @Test
    void preferences_plainAnswersToAConversation_becomeAssistantMessages() {
        Preference row = only("{\"prompt\": [{\"role\": \"user\", \"content\": \"q\"}], \"chosen\": \"a\","
                + " \"rejected\": [{\"role\": \"assistant\", \"content\": \"b\"}]}");
        assertThat(row.chosen()).isEqualTo(Text.chat(Message.assistant("a")));
        assertThat(row.rejected()).isEqualTo(Text.chat(Message.assistant("b")));
    }

    @Test
    void preferences_implicitConversationalPrompt_isTheSharedTurns() {
        Preference row = only("{\"chosen\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\": \"assistant\","
                + " \"content\": \"a\"}], \"rejected\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\":"
                + " \"assistant\", \"content\": \"b\"}]}");
        assertThat(row)
                .isEqualTo(new Preference(
                        Prompt.user("q"), Text.chat(Message.assistant("a")), Text.chat(Message.assistant("b"))));
    }

    @Test
    void preferences_implicitPlainPrompt_isTheSharedBeginning() {
        Preference row = only("{\"chosen\": \"Q: x A: yes\", \"rejected\": \"Q: x A: no\"}");
        assertThat(row).isEqualTo(new Preference(Prompt.plain("Q: x A:"), Text.plain(" yes"), Text.plain(" no")));
    }

    /** Some public data sets have the question once more as a string; TRL ignores it too. */
    @Test
    void preferences_plainPromptBesideConversations_usesTheSharedTurns() {
        Preference row = only("{\"prompt\": \"q\", \"chosen\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\":"
                + " \"assistant\", \"content\": \"a\"}], \"rejected\": [{\"role\": \"user\", \"content\": \"q\"},"
                + " {\"role\": \"assistant\", \"content\": \"b\"}]}");
        assertThat(row.prompt()).isEqualTo(Prompt.user("q"));
        assertThat(row.prompt().columns()).isEmpty();
    }

    @Test
    void preferences_nullPrompt_isImplicit() {
        Preference row = only("{\"prompt\": null, \"chosen\": \"Q A\", \"rejected\": \"Q B\"}");
        assertThat(row.prompt().text()).isEqualTo(Text.plain("Q"));
    }

    @Test
    void preferences_margin_isReadAndMayBeMissingOrNull() {
        Dataset<Preference> rows = read(
                "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\", \"margin\": 2}",
                "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\", \"margin\": 0.0}",
                "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\", \"margin\": null}",
                GOOD);
        assertThat(rows.rows()).extracting(Preference::margin).containsExactly(2.0, 0.0, null, null);
        assertThat(rows.rows().get(0).prompt().columns()).isEmpty();
    }

    @Test
    void preferences_otherKeys_becomeColumnsInOrderAndUnmodifiable() {
        Map<String, Object> columns = only("{\"z\": 1, \"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\","
                        + " \"a\": {\"k\": [1.5, null, true]}, \"n\": null}")
                .prompt()
                .columns();
        assertThat(columns).containsExactly(entry("z", 1), entry("a", columns.get("a")), entry("n", null));
        assertThat(columns.get("a")).hasToString("{k=[1.5, null, true]}");
        assertThatThrownBy(() -> columns.put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((Map<?, ?>) columns.get("a")).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void preferences_uselessRows_areDroppedAndCounted() {
        Dataset<Preference> rows = read(GOOD, SAME, EMPTY, "", SAME, GOOD);
        assertThat(rows.size()).isEqualTo(2);
        assertThat(rows.report())
                .isEqualTo(new ReadReport(5, 2, Map.of("chosen == rejected", 2, "empty answer", 1), List.of()));
        assertThat(rows.report().summary()).isEqualTo("5 rows read, 2 kept, 1 empty answer, 2 chosen == rejected");
    }

    @Test
    void preferences_implicitUselessRows_areDroppedToo() {
        Dataset<Preference> rows = read(
                GOOD,
                "{\"chosen\": \"Q A\", \"rejected\": \"Q A\"}",
                "{\"chosen\": \"\", \"rejected\": \"Q A\"}",
                "{\"chosen\": [], \"rejected\": [{\"role\": \"user\", \"content\": \"x\"}]}");
        assertThat(rows.report().dropped()).isEqualTo(Map.of("chosen == rejected", 1, "empty answer", 2));
    }

    @Test
    void preferences_onlyUselessRows_sayWhyNothingIsLeft() {
        assertThatThrownBy(() -> read(SAME, SAME, SAME))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("rows.jsonl: nothing to learn from: all 3 rows have chosen == rejected");
        assertThatThrownBy(() -> read(SAME, EMPTY))
                .hasMessageEndingWith("all 2 rows were dropped: 1 empty answer, 1 chosen == rejected");
        assertThatThrownBy(() -> read(SAME)).hasMessageEndingWith("the only row dropped: chosen == rejected");
        assertThatThrownBy(() -> read("", "  ")).hasMessageEndingWith("nothing to learn from: the file has no rows");
    }

    @Test
    void preferences_maxRows_countsRowsReadNotKept() {
        Path file = Rows.file(dir, SAME, "", GOOD, GOOD, "not JSON");
        Dataset<Preference> rows = Datasets.preferences(file, 2, OnBadRow.FAIL);
        assertThat(rows.report().read()).isEqualTo(2);
        assertThat(rows.size()).isEqualTo(1);
        assertThat(Datasets.preferences(file, -1, OnBadRow.SKIP).report().read())
                .isEqualTo(4);
    }

    @Test
    void preferences_skip_countsAndListsBadRows() {
        Path file = Rows.file(dir, GOOD, "oops", "", "{\"prompt\": \"p\"}", GOOD);
        ReadReport report = Datasets.preferences(file, 0, OnBadRow.SKIP).report();
        assertThat(report.read()).isEqualTo(4);
        assertThat(report.kept()).isEqualTo(2);
        assertThat(report.dropped()).isEqualTo(Map.of("bad row", 2));
        assertThat(report.skipped()).hasSize(2);
        assertThat(report.skipped().get(0)).startsWith(file + ":2: expected one JSON object per line, found \"oops\"");
        assertThat(report.skipped().get(1))
                .isEqualTo(file + ":4: key \"chosen\": missing; the row has the keys [prompt]");
    }

    @Test
    void preferences_skipAllRows_namesTheFirst() {
        Path file = Rows.file(dir, "oops", "3");
        assertThatThrownBy(() -> Datasets.preferences(file, 0, OnBadRow.SKIP))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("all 2 rows are bad, the first at " + file + ":1: ");
    }

    @Test
    void preferences_plainPromptBesideAnswersInMessages_saysWhatToWrite() {
        assertThatThrownBy(() -> only("{\"prompt\": \"q\", \"chosen\": [{\"role\": \"assistant\", \"content\": \"a\"}],"
                        + " \"rejected\": [{\"role\": \"assistant\", \"content\": \"b\"}]}"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(":1: key \"prompt\": expected a list of messages")
                .hasMessageEndingWith("found a string");
    }
}
