package ai.preceptor.teacher.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.LeftOut;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import ai.preceptor.teacher.elicit.WrittenRows;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RowPairsTest {
    private static final Prompt PROMPT = Prompt.user("q");
    private static final List<Demonstration> ROWS = List.of(new Demonstration(PROMPT, PROMPT.reply("the row's")));

    private static Elicited samples(String... texts) {
        return new Elicited(
                PROMPT,
                Stream.of(texts)
                        .map(text -> new ScoredAnswer(text, !text.startsWith("cut"), Score.unscored("nobody asked")))
                        .toList());
    }

    @Test
    void of_theRowsAnswerIsChosen_andTheStudentsRejected() {
        WrittenRows<Preference> pairs =
                RowPairs.of(ROWS, List.of(samples("a", " ", "a", " the row's\n", "b", "cut")), false);
        assertThat(pairs.rows())
                .containsExactly(
                        new Preference(PROMPT, PROMPT.reply("the row's"), PROMPT.reply("a")),
                        new Preference(PROMPT, PROMPT.reply("the row's"), PROMPT.reply("b")),
                        new Preference(PROMPT, PROMPT.reply("the row's"), PROMPT.reply("cut")));
        assertThat(pairs.counts().leftOut())
                .isEqualTo(Map.of(LeftOut.BLANK, 1, LeftOut.DUPLICATE, 1, LeftOut.SAME_AS_ROW, 1));
        assertThat(pairs.counts().answers()).isEqualTo(6);
        assertThat(pairs.counts().unfinished()).isEqualTo(1);
    }

    @Test
    void of_truncatedSamples_canBeLeftOut() {
        WrittenRows<Preference> pairs = RowPairs.of(ROWS, List.of(samples("cut", "a")), true);
        assertThat(pairs.rows()).hasSize(1);
        assertThat(pairs.counts().count(LeftOut.UNFINISHED)).isEqualTo(1);
    }

    @Test
    void of_samplesOfOtherPrompts_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowPairs.of(ROWS, List.of(new Elicited(Prompt.user("r"), List.of())), false))
                .withMessage("samples: expected answers to the prompts of the rows, received others");
    }
}
