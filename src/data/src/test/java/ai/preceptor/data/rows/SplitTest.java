package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {

    private static List<Demonstration> rows(int prompts, int perPrompt, Random random) {
        List<Demonstration> rows = new ArrayList<>();
        for (int p = 0; p < prompts; p++) {
            int count = 1 + random.nextInt(perPrompt);
            for (int i = 0; i < count; i++) {
                rows.add(new Demonstration(Prompt.plain("p" + p), Text.plain("a" + i)));
            }
        }
        java.util.Collections.shuffle(rows, random);
        return rows;
    }

    private static Set<Text> prompts(List<Demonstration> rows) {
        return rows.stream().map(row -> row.prompt().text()).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void byPrompt_randomRows_separatesPromptsAndLosesNothing(long seed) {
        Random random = new Random(seed);
        int perPrompt = 1 + random.nextInt(6);
        List<Demonstration> rows = rows(2 + random.nextInt(200), perPrompt, random);
        int wanted = 1 + random.nextInt(rows.size() - 1);
        Split<Demonstration> split = Split.byPrompt(rows, wanted, seed);
        assertThat(prompts(split.train())).doesNotContainAnyElementsOf(prompts(split.heldOut()));
        assertThat(split.train()).isNotEmpty();
        assertThat(split.heldOut()).isNotEmpty();
        // In their original order, and all of them.
        assertThat(rows.stream().filter(Set.copyOf(split.train())::contains)).isEqualTo(split.train());
        assertThat(split.train().size() + split.heldOut().size()).isEqualTo(rows.size());
        assertThat(split.heldOut().size()).as("seed %d", seed).isBetween(wanted - perPrompt, wanted + perPrompt);
        assertThat(Split.byPrompt(rows, wanted, seed)).isEqualTo(split);
    }

    @Test
    void byPrompt_otherSeed_isAnotherSplit() {
        List<Prompt> rows =
                IntStream.range(0, 50).mapToObj(i -> Prompt.plain("p" + i)).toList();
        assertThat(Split.byPrompt(rows, 10, 1)).isNotEqualTo(Split.byPrompt(rows, 10, 2));
    }

    @Test
    void byPrompt_numberOfRows_isMetExactlyWherePromptsHaveOneRow() {
        List<Prompt> rows =
                IntStream.range(0, 50).mapToObj(i -> Prompt.plain("p" + i)).toList();
        Split<Prompt> split = Split.byPrompt(rows, 30, 4);
        assertThat(split.heldOut()).hasSize(30);
        assertThat(split.train()).hasSize(20);
        assertThat(Split.byPrompt(rows, 5, 4).heldOut()).hasSize(5);
    }

    /** The same question with other columns is the same question. */
    @Test
    void byPrompt_columns_doNotCount() {
        List<Prompt> rows = IntStream.range(0, 20)
                .mapToObj(i -> new Prompt(Text.plain("p" + i % 2), java.util.Map.of("i", i)))
                .toList();
        Split<Prompt> split = Split.byPrompt(rows, 1, 0);
        assertThat(split.heldOut()).hasSize(10);
        assertThat(split.heldOut().stream().map(Prompt::text))
                .containsOnly(split.heldOut().get(0).text());
    }

    @Test
    void byPrompt_impossibleNumberOrOnePrompt_isRefused() {
        List<Prompt> rows = List.of(Prompt.plain("a"), Prompt.plain("a"));
        assertThatThrownBy(() -> Split.byPrompt(rows, 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heldOut: expected 1 to 1 of 2 rows, received 2");
        assertThatThrownBy(() -> Split.byPrompt(rows, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heldOut: expected 1 to 1 of 2 rows, received 0");
        assertThatThrownBy(() -> Split.byPrompt(rows, 1, 0))
                .isInstanceOf(DataException.class)
                .hasMessage("cannot split by prompt: expected at least 2 different prompts in 2 rows, found 1");
    }

    /** Rows of bare messages have no prompt; what precedes their last answer is one. */
    @Test
    void byPrompt_messages_areSplitByWhatTheyAsk() {
        List<Demonstration> rows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            for (String answer : List.of("a", "b")) {
                rows.add(new Demonstration(
                        new Prompt(Text.chat(), Map.of()),
                        Text.chat(Message.user("q" + i), Message.assistant(answer), Message.user("Thanks."))));
            }
        }
        rows.add(new Demonstration(Prompt.user("q0"), Text.chat(Message.assistant("c"))));
        Split<Demonstration> split = Split.byPrompt(rows, 4, 1);
        assertThat(split.heldOut().size()).isBetween(4, 5);
        assertThat(split.train().stream().map(Demonstration::splitText))
                .doesNotContainAnyElementsOf(
                        split.heldOut().stream().map(Demonstration::splitText).toList());
        assertThat(rows.get(0).splitText()).isEqualTo(Text.chat(Message.user("q0")));
        Text alone = Text.chat(Message.assistant("a"));
        assertThat(new Demonstration(new Prompt(Text.chat(), Map.of()), alone).splitText())
                .isEqualTo(alone);
    }
}
