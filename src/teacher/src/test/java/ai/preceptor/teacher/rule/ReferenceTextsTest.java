package ai.preceptor.teacher.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exact match and F1 over words. */
class ReferenceTextsTest {
    private static Answer answer(String column, Object value, String text) {
        return Answer.of(new Prompt(Text.plain("q"), Map.of(column, value)), text);
    }

    /** Numbers of transformers' {@code squad_metrics}, which are those of SQuAD's official evaluation 2.0 (Python 3.11). */
    static Stream<Arguments> golden() {
        return Stream.of(
                Arguments.of(List.of("The Nile"), "the nile.", 1, 1.0),
                Arguments.of(List.of("the Nile River"), "It is the Nile, a river in Africa", 0, 0.5),
                Arguments.of(List.of("42"), "forty-two", 0, 0.0),
                Arguments.of(List.of("Denver Broncos", "The Denver Broncos!"), "Broncos of Denver", 0, 0.8),
                Arguments.of(List.of(), "", 1, 1.0),
                Arguments.of(List.of(), "something", 0, 0.0),
                Arguments.of(List.of("a"), "an", 1, 1.0),
                Arguments.of(List.of("U.S.A."), "usa", 1, 1.0),
                Arguments.of(List.of("to be or not to be"), "to be to be to be", 0, 0.6666666666666666),
                Arguments.of(List.of("Zoë’s café"), "zoë’s CAFÉ", 1, 1.0),
                Arguments.of(List.of("naïve a-b"), "naïve ab", 1, 1.0),
                Arguments.of(List.of("x\u00a0y"), "X\u2003Y", 1, 1.0),
                Arguments.of(List.of("theory of another"), "the theory of an other", 0, 0.6666666666666666),
                Arguments.of(List.of("éa"), "é a", 0, 0.0));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void rules_equalSquads(List<String> references, String text, double exact, double f1) {
        Answer answer = answer("answers", references, text);
        assertThat(new ExactMatch().applyAsDouble(answer)).isEqualTo(exact);
        assertThat(new WordF1().applyAsDouble(answer)).isCloseTo(f1, within(1e-12));
    }

    @Test
    void references_areTheColumnsAnswersOrAnswer() {
        assertThat(new ExactMatch().applyAsDouble(answer("answer", "Oslo", "oslo")))
                .isEqualTo(1);
        assertThat(new ExactMatch().applyAsDouble(answer("answer", 42, "42."))).isEqualTo(1);
        assertThat(new ExactMatch().applyAsDouble(answer("answers", Map.of("text", List.of("Oslo")), "Oslo")))
                .isEqualTo(1);
        Prompt both = new Prompt(Text.plain("q"), Map.of("answers", List.of("Oslo"), "answer", "Rome"));
        assertThat(new ExactMatch().applyAsDouble(Answer.of(both, "Rome"))).isEqualTo(0);
        assertThat(ReferenceTexts.of(Prompt.plain("q"))).isEmpty();
        assertThatThrownBy(() -> new WordF1().applyAsDouble(answer("solution", "x", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no column answers or answer, found [solution]");
    }

    @Test
    void thinking_isNotCompared() {
        assertThat(new ExactMatch().applyAsDouble(answer("answer", "Oslo", "<think>Rome?</think>\nOslo")))
                .isEqualTo(1);
        assertThat(new WordF1().applyAsDouble(answer("answer", "Oslo", "<think>Oslo")))
                .isEqualTo(0);
    }
}
