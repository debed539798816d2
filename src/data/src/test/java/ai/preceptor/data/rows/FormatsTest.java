package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatsTest {
    @TempDir
    Path dir;

    @Test
    void rankedGroups_plainResponsesToAConversation_becomeAssistantMessages() {
        Path file = Rows.file(
                dir,
                "{\"prompt\": [{\"role\": \"user\", \"content\": \"q\"}], \"responses\": [\"a\","
                        + " [{\"role\": \"assistant\", \"content\": \"b\"}], \"c\"], \"scores\": [0, -1.5, 0],"
                        + " \"source\": \"x\"}");
        RankedGroup group = Datasets.rankedGroups(file, 0, OnBadRow.FAIL).rows().get(0);
        assertThat(group.responses())
                .containsExactly(
                        Text.chat(Message.assistant("a")),
                        Text.chat(Message.assistant("b")),
                        Text.chat(Message.assistant("c")));
        assertThat(group.scores()).containsExactly(0.0, -1.5, 0.0);
        assertThat(group.prompt().columns()).isEqualTo(Map.of("source", "x"));
    }

    @Test
    void rankedGroups_uselessRows_areDroppedAndCounted() {
        Path file = Rows.file(
                dir,
                "{\"prompt\": \"p\", \"responses\": [\"a\", \"b\"], \"scores\": [1, 0]}",
                "{\"prompt\": \"p\", \"responses\": [\"a\", \"b\", \"c\"], \"scores\": [2, 2.0, 2]}",
                "{\"prompt\": \"p\", \"responses\": [\"a\", \"b\"], \"scores\": [0.0, -0.0]}",
                "{\"prompt\": \"p\", \"responses\": [\"a\", \"a\"], \"scores\": [1, 0]}",
                "{\"prompt\": \"p\", \"responses\": [\"a\", \"\"], \"scores\": [1, 0]}");
        ReadReport report = Datasets.rankedGroups(file, 0, OnBadRow.FAIL).report();
        assertThat(report.kept()).isEqualTo(1);
        assertThat(report.dropped()).isEqualTo(Map.of("tie", 2, "identical responses", 1, "empty answer", 1));
    }

    @Test
    void rankedGroups_onlyTies_sayWhyNothingIsLeft() {
        String tie = "{\"prompt\": \"p\", \"responses\": [\"a\", \"b\"], \"scores\": [1, 1]}";
        Path file = Rows.file(dir, tie, tie);
        assertThatThrownBy(() -> Datasets.rankedGroups(file, 0, OnBadRow.FAIL))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("nothing to learn from: all 2 rows are ties");
    }

    @Test
    void prompts_anyRowWithAPrompt_keepsTheOtherKeysAsColumns() {
        Path file = Rows.file(
                dir,
                "{\"prompt\": \"2 + 2\", \"answer\": \"4\", \"chosen\": \"a\"}",
                "{\"prompt\": [{\"role\": \"user\", \"content\": \"q\"}]}");
        Dataset<Prompt> prompts = Datasets.prompts(file, 0, OnBadRow.FAIL);
        assertThat(prompts.rows().get(0))
                .isEqualTo(new Prompt(Text.plain("2 + 2"), Map.of("answer", "4", "chosen", "a")));
        assertThat(prompts.rows().get(1)).isEqualTo(Prompt.user("q"));
    }

    @Test
    void prompts_rowsOfAnswersOnly_takeTheSharedBeginning() {
        Path file = Rows.file(dir, "{\"chosen\": \"Q: x A: yes\", \"rejected\": \"Q: x A: no\", \"k\": 1}");
        assertThat(Datasets.prompts(file, 0, OnBadRow.FAIL).rows())
                .containsExactly(new Prompt(Text.plain("Q: x A:"), Map.of("k", 1)));
    }

    @Test
    void demonstrations_promptAndCompletion_inBothForms() {
        Path file = Rows.file(
                dir,
                "{\"prompt\": \"The sky is\", \"completion\": \" blue.\"}",
                "{\"prompt\": [{\"role\": \"user\", \"content\": \"q\"}], \"completion\": [{\"role\": \"assistant\","
                        + " \"content\": \"a\"}]}",
                "{\"prompt\": \"p\", \"completion\": \"\"}");
        Dataset<Demonstration> rows = Datasets.demonstrations(file, 0, OnBadRow.FAIL);
        assertThat(rows.rows())
                .containsExactly(
                        new Demonstration(Prompt.plain("The sky is"), Text.plain(" blue.")),
                        new Demonstration(Prompt.user("q"), Text.chat(Message.assistant("a"))));
        assertThat(rows.report().dropped()).isEqualTo(Map.of("empty answer", 1));
    }

    @Test
    void demonstrations_messages_areLearntWholly() {
        Path file = Rows.file(
                dir,
                "{\"messages\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\": \"assistant\", \"content\":"
                        + " \"a\"}], \"tools\": []}");
        Demonstration row =
                Datasets.demonstrations(file, 0, OnBadRow.FAIL).rows().get(0);
        assertThat(row.prompt()).isEqualTo(new Prompt(Text.chat(), Map.of("tools", List.of())));
        assertThat(row.completion()).isEqualTo(Text.chat(Message.user("q"), Message.assistant("a")));
    }

    @Test
    void conversations_messages_areTheTextOfAPrompt() {
        Path file = Rows.file(
                dir,
                "{\"messages\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\": \"assistant\", \"content\":"
                        + " \"a\"}], \"tools\": []}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \" \"}]}");
        Dataset<Prompt> rows = Datasets.conversations(file, 0, OnBadRow.FAIL);
        Text messages = Text.chat(Message.user("q"), Message.assistant("a"));
        assertThat(rows.rows()).containsExactly(new Prompt(messages, Map.of("tools", List.of())));
        assertThat(rows.report().dropped()).isEqualTo(Map.of("empty answer", 1));
    }

    @Test
    void unpaired_labels_areReadAsBooleansOrZeroAndOne() {
        Path file = Rows.file(
                dir,
                "{\"prompt\": \"p\", \"completion\": \"a\", \"label\": true}",
                "{\"prompt\": \"p\", \"completion\": \"b\", \"label\": 0}",
                "{\"prompt\": \"p\", \"completion\": \" \", \"label\": 1}");
        Dataset<LabeledCompletion> rows = Datasets.unpaired(file, 0, OnBadRow.FAIL);
        assertThat(rows.rows())
                .containsExactly(
                        new LabeledCompletion(Prompt.plain("p"), Text.plain("a"), true),
                        new LabeledCompletion(Prompt.plain("p"), Text.plain("b"), false));
    }

    /** Nothing else could be written: a file's half of a pair becomes a question mark. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "'prompt': 'p', 'source': 'a\\ud83d' # source",
                "'prompt': 'p', 'source': {'a': [1, ['\\ud83d']]} # source.a[1][0]",
                "'prompt': [{'role': 'user', 'content': 'q', 'name': '\\ude00'}] # prompt[0].name",
                "'prompt': [{'role': 'user', 'content': [{'type': 'image', 'url': '\\ud83d'}]}] # prompt[0].content[0].url"
            })
    void columns_withHalfASurrogatePair_areRefused(String row, String key) {
        Path file = Rows.file(dir, "{\"prompt\": \"p\"}", "{" + row.replace('\'', '"') + "}");
        assertThatThrownBy(() -> Datasets.prompts(file, 0, OnBadRow.FAIL))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        file + ":2: key \"" + key + "\": expected valid Unicode, found half a surrogate pair");
    }

    /** By the parser already. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'prompt': 'p', '\\ud800': 1, '\\ud801': 2",
                "'prompt': 'p', 'a': [{'b\\ud83d': 1}]",
                "'prompt': [{'role': 'user', 'content': 'q', '\\ude00': 1}]"
            })
    void keys_withHalfASurrogatePair_areRefused(String row) {
        Path file = Rows.file(dir, "{\"prompt\": \"p\"}", "{" + row.replace('\'', '"') + "}");
        assertThatThrownBy(() -> Datasets.prompts(file, 0, OnBadRow.FAIL))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file + ":2: ")
                .hasMessageContaining("surrogate")
                .hasMessageContaining("in field name");
    }

    @Test
    void messages_toolCallsAndParts_areKept() {
        Path file = Rows.file(
                dir,
                "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"a\"}, {\"type\":"
                        + " \"text\", \"text\": \"b\"}]}, {\"role\": \"assistant\", \"content\": null,"
                        + " \"tool_calls\": [{\"id\": 1}]}]}");
        Prompt row = Datasets.conversations(file, 0, OnBadRow.FAIL).rows().get(0);
        List<Message> messages = ((Text.Chat) row.text()).messages();
        assertThat(messages.get(0).content()).isEqualTo("ab");
        assertThat(messages.get(0).extra())
                .as("for templates, which see parts as they came")
                .containsExactly(entry(
                        "content", List.of(Map.of("type", "text", "text", "a"), Map.of("type", "text", "text", "b"))));
        assertThat(messages.get(1))
                .extracting(Message::content, message -> message.extra().get("tool_calls"))
                .containsExactly("", List.of(Map.of("id", 1)));
        assertThat(messages.get(1).extra()).as("null as it came").containsEntry("content", null);
        assertThat(messages.get(1).isBlank()).isFalse();
    }

    /** The prompt that the same row has as a preference, also where nothing can be learnt from its answers. */
    @Test
    void prompts_plainPromptBesideConversations_isTheSharedTurns() {
        String asked = "{\"role\": \"user\", \"content\": \"q\"}, ";
        String row = "{\"prompt\": \"q\", \"chosen\": [" + asked + "{\"role\": \"assistant\", \"content\": \"a\"}],"
                + " \"rejected\": [" + asked + "{\"role\": \"assistant\", \"content\": \"%s\"}]}";
        Path file = Rows.file(dir, row.formatted("b"), row.formatted("a"));
        assertThat(Datasets.prompts(file, 0, OnBadRow.FAIL).rows()).containsExactly(Prompt.user("q"), Prompt.user("q"));
        assertThat(Datasets.preferences(file, 0, OnBadRow.FAIL).rows().get(0).prompt())
                .isEqualTo(Prompt.user("q"));
    }

    /** As pandas writes them where a column has gaps. */
    @Test
    void unpaired_labelsWithAFraction_areTrueAndFalse() {
        String row = "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": %s}";
        Path file = Rows.file(dir, row.formatted("1.0"), row.formatted("0.0"));
        assertThat(Datasets.unpaired(file, 0, OnBadRow.FAIL).rows())
                .extracting(LabeledCompletion::label)
                .containsExactly(true, false);
        assertThatThrownBy(() -> Datasets.unpaired(Rows.file(dir, row.formatted("0.5")), 0, OnBadRow.FAIL))
                .hasMessageContaining("key \"label\": expected true or false, found number 0.5");
    }
}
