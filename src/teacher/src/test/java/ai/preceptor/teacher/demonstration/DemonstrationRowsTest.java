package ai.preceptor.teacher.demonstration;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.teacher.elicit.LeftOut;
import ai.preceptor.teacher.elicit.WrittenRows;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DemonstrationRowsTest {
    private static Completion completion(String text, FinishReason reason) {
        return new Completion(text, new int[0], new float[0], reason);
    }

    private static List<Completion> completions(String... texts) {
        return Stream.of(texts).map(text -> completion(text, FinishReason.STOP)).toList();
    }

    private static Prompt prompt(String column, Object value) {
        return new Prompt(Text.plain("q"), Map.of(column, value));
    }

    @Test
    void of_blankAndMissingAnswers_areLeftOutAndCounted() {
        WrittenRows<Demonstration> written = DemonstrationRows.ALL.of(
                List.of(Prompt.plain("a"), Prompt.plain("b")),
                List.of(
                        List.of(completion("one", FinishReason.STOP), completion(" ", FinishReason.STOP)),
                        List.of(completion("", FinishReason.CANCELLED), completion("two", FinishReason.LENGTH))));
        assertThat(written.rows())
                .containsExactly(
                        new Demonstration(Prompt.plain("a"), Text.plain("one")),
                        new Demonstration(Prompt.plain("b"), Text.plain("two")));
        assertThat(written.counts().leftOutCount()).isEqualTo(2);
        assertThat(written.summary())
                .isEqualTo("2 demonstrations of 4 answers to 2 prompts: 1 blank, 1 not given, 1 truncated at the"
                        + " token limit");
    }

    @Test
    void of_aChainOfThought_isKeptWhole_withItsPartsAsColumns() {
        WrittenRows<Demonstration> written = new DemonstrationRows(true, true, null, false)
                .of(
                        List.of(prompt("answer", "5")),
                        List.of(completions("2 + 3 is 5.\n\nAnswer: 5", "It is 5.", "2 + 3 is 5, no, 6.\nAnswer: 6")));
        Demonstration row = written.rows().get(0);
        assertThat(written.rows()).hasSize(1);
        assertThat(row.completion()).isEqualTo(Text.plain("2 + 3 is 5.\n\nAnswer: 5"));
        assertThat(row.prompt().columns())
                .isEqualTo(Map.of("answer", "5", "rationale", "2 + 3 is 5.", "final_answer", "5"));
        assertThat(written.counts().count(LeftOut.NO_ANSWER_LINE)).isEqualTo(1);
        assertThat(written.counts().count(LeftOut.WRONG)).isEqualTo(1);
    }

    @Test
    void of_wrongAnswers_areLeftOut_whereTheRowHasOneToCompare() {
        DemonstrationRows checked = new DemonstrationRows(false, true, null, false);
        List<Prompt> prompts =
                List.of(prompt("solution", "so #### 5"), prompt("answer", "Paris"), Prompt.plain("no answer"));
        WrittenRows<Demonstration> written =
                checked.of(prompts, List.of(completions("5", "6"), completions("Rome"), completions("anything")));
        assertThat(written.rows().stream().map(row -> row.completion().asString()))
                .containsExactly("5", "Rome", "anything");
        assertThat(written.counts().count(LeftOut.WRONG)).isEqualTo(1);
        assertThat(DemonstrationRows.unchecked(prompts)).isEqualTo(2);
        assertThat(DemonstrationRows.ALL
                        .of(prompts, List.of(completions("6"), completions("Rome"), completions("x")))
                        .rows())
                .hasSize(3);
    }

    @Test
    void of_moreThanTheMost_orTruncated_areLeftOut() {
        Completion cut = completion("cut", FinishReason.LENGTH);
        WrittenRows<Demonstration> written = new DemonstrationRows(false, false, 1, true)
                .of(
                        List.of(Prompt.plain("q")),
                        List.of(List.of(cut, completion("a", FinishReason.STOP), completion("b", FinishReason.STOP))));
        assertThat(written.rows()).containsExactly(new Demonstration(Prompt.plain("q"), Text.plain("a")));
        assertThat(written.counts().count(LeftOut.UNFINISHED)).isEqualTo(1);
        assertThat(written.counts().count(LeftOut.NOT_SELECTED)).isEqualTo(1);
        assertThat(written.toRow()).containsEntry("answers/unfinished", 1).containsEntry("answers/not_selected", 1);
    }

    @Test
    void rationale_isTakenApartOnlyAtOneLastLine() {
        assertThat(Rationale.of("a\nb\n\n**Answer:** 12 km \n \n")).contains(new Rationale("a\nb", "12 km"));
        assertThat(Rationale.of("answer: yes")).contains(new Rationale("", "yes"));
        for (String bold : List.of(
                "**Answer: 42**",
                "**Answer:** **42**",
                "Answer: **42**",
                "**Answer: 42** ",
                "**Answer**: 42",
                "**Answer** : **42**")) {
            assertThat(Rationale.of("a\n" + bold)).as(bold).contains(new Rationale("a", "42"));
        }
        for (String other : List.of(
                "**Answer: **",
                "",
                "no",
                "Answer: 1\nAnswer: 2",
                "Answer: 1\nso it is",
                "x\nAnswer:  ",
                "The answer: 1")) {
            assertThat(Rationale.of(other)).as(other).isEmpty();
        }
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void rationale_aLineOfAMegabyte_isRead() {
        String blanks = " ".repeat(500_000) + "*".repeat(500_000);
        assertThat(Rationale.of("Answer: 1" + blanks + "2" + blanks)).contains(new Rationale("", "1" + blanks + "2"));
        assertThat(Rationale.of("Answer: 1" + blanks + "\u2028")).isEmpty();
        assertThat(Rationale.of("Answer:" + blanks)).isEmpty();
        assertThat(Rationale.of(blanks + "1")).isEmpty();
    }
}
