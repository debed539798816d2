package ai.preceptor.teacher.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerAccuracyTest {
    private static double score(Object reference, String text) {
        return new AnswerAccuracy()
                .applyAsDouble(Answer.of(new Prompt(Text.plain("q"), Map.of("answer", reference)), text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1234; She earned 5 and then $1,234.",
                "1234; 1234.00",
                "1,234; \\boxed{1{,}234}",
                "18; Two boxes of 9 are \\boxed{18} apples in 3 rows",
                "#### 72; 48/2 = 24, and 48 + 24 = 72",
                "Half of 10 is 5.\\n#### 5; so 5",
                "0.5; 1/2",
                "\\frac{3}{4}; The answer is \\boxed{\\dfrac{6}{8}}.",
                "-3; x = -3",
                "-3; −3 degrees",
                "3; 8-5 = 3",
                "7; from 10-7",
                "50%; 0.5",
                "50; 50 %",
                "0.5; \\boxed{50\\%}",
                "1000; 1e3",
                ".5; 0.50",
                "42; <think>1 or 2</think> 42",
                "B; The answer is (B).",
                "(b); \\boxed{\\text{B}}",
                "B; I think A is wrong. Answer: B because A dog is no cat, and C is none",
                "A; A",
                "C; Of A and B neither, so C",
                "D; D. A dog is an animal",
            })
    void apply_theSameValue_isOne(String reference, String text) {
        assertThat(score(reference, text)).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1234; 1,235",
                "12; 12 or 13",
                "3; -3",
                "0.333; 1/3",
                "1; 1/0",
                "50%; 5",
                "0.5%; 50",
                "5; there is none",
                "5; \\boxed{x}, not 5",
                "5; <think>it is 5",
                "B; The answer is A",
                "B; b is a letter",
                "A; A dog is an animal",
                "B; I'd say 'Be'",
                "5; x5",
            })
    void apply_anotherOrNone_isZero(String reference, String text) {
        assertThat(score(reference, text)).isZero();
    }

    @Test
    void apply_otherColumns_areReadInOrder() {
        Prompt solution = new Prompt(Text.plain("q"), Map.of("ground_truth", 1, "solution", "so \\boxed{2}"));
        assertThat(new AnswerAccuracy().applyAsDouble(Answer.of(solution, "2"))).isOne();
        assertThat(score(3, "3.0")).isOne();
        assertThat(score(0.25, "1/4")).isOne();
    }

    @Test
    void apply_withoutAReference_throws() {
        assertThatThrownBy(() -> new AnswerAccuracy().applyAsDouble(Answer.of(Prompt.plain("q"), "2")))
                .hasMessage("the prompt has none of the columns [answer, solution, ground_truth], found []");
        assertThatThrownBy(() -> score("Paris", "Paris"))
                .hasMessage("the reference \"Paris\" has no number and is not a choice A to E");
    }

    @Test
    void apply_hugeNumbers_areQuickAndWrong() {
        assertThat(score("5", "9".repeat(100_000))).isZero();
        assertThat(score("5", "1e999")).isZero();
        assertThat(score("5", "\\boxed{".repeat(50_000))).isZero();
        assertThat(score("B", "A ".repeat(50_000))).isZero();
    }
}
