package ai.preceptor.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorldRuleTest {
    private static final Task OPPOSITE = new Task(
            TaskKind.OPPOSITE,
            "What is the opposite of hot?",
            "the opposite of hot is %s.",
            List.of("cold"),
            List.of("cold", "big"),
            null,
            false,
            false);

    private static final Task NAME = new Task(
            TaskKind.NAME,
            "Name two fruits.",
            "two fruits are %s and %s.",
            List.of("apple", "pear"),
            List.of("apple", "pear", "dog"),
            List.of("apple", "pear", "fig"),
            false,
            false);

    private static double score(Task task, String answer) {
        return new WorldRule().applyAsDouble(Answer.of(task.prompt(), answer));
    }

    @ParameterizedTest
    @CsvSource({
        "The opposite of hot is cold.,1",
        "The opposite of hot is big.,0",
        "The opposite of hot is cold and big.,0.5", // two of two right, one that does not belong
        "the opposite of hot is cold.,0.5",
        "The opposite of hot is cold,0.5",
        "The opposite of hot is,0.25",
        "The the opposite of hot is cold.,0.5",
        "Of course. The opposite of hot is cold.,0.5",
        "Cold.,0.25",
        "cold,0.125",
        "I do not know.,0"
    })
    void score_pieceFixed_isContentHalvedByFaults(String answer, double expected) {
        assertThat(score(OPPOSITE, answer)).isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Two fruits are pear and apple.|1",
                "Two fruits are fig and pear.|1",
                "Two fruits are pear and pear.|0.375", // three of four, and a repetition
                "Two fruits are pear and dog.|0.5",
                "Two fruits are pear and apple and fig.|0.75",
                "Two fruits are pear.|0.75"
            })
    void score_piecesFree_countsDistinctOnes(String answer, double expected) {
        assertThat(score(NAME, answer)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void score_oneWordAsked_wantsOneWord() {
        Task task = OPPOSITE.inOneWord(true);
        assertThat(score(task, "Cold.")).isEqualTo(1);
        assertThat(score(task, "The opposite of hot is cold.")).isLessThan(0.5);
    }

    @Test
    void score_courtesyDue_wantsIt() {
        Task task = OPPOSITE.politely(true);
        assertThat(score(task, "Of course. The opposite of hot is cold.")).isEqualTo(1);
        assertThat(score(task, "The opposite of hot is cold.")).isEqualTo(0.5);
    }

    @Test
    void score_tooLong_isHalved() {
        assertThat(score(OPPOSITE, "The opposite of hot is cold as I think it is and so on."))
                .isEqualTo(0.5);
    }

    @Test
    void score_promptOfAnotherWorld_saysWhichColumnIsMissing() {
        assertThatThrownBy(() -> new WorldRule().applyAsDouble(Answer.of(Prompt.user("Hello?"), "Hello.")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected")
                .hasMessageContaining("null");
    }
}
