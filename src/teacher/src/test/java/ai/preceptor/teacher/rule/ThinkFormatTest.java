package ai.preceptor.teacher.rule;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import org.junit.jupiter.api.Test;

class ThinkFormatTest {
    private static double format(String text) {
        return new ThinkFormat().applyAsDouble(Answer.of(Prompt.user("q"), text));
    }

    @Test
    void apply_aThoughtAndWhatFollows_isOne() {
        assertThat(format("<think>\nThis is my reasoning.\n</think>\nThis is my answer."))
                .isOne();
        assertThat(format("<think></think>")).isOne();
    }

    @Test
    void apply_anythingElse_isZero() {
        assertThat(format("<think>\nThis is my reasoning.\nThis is my answer.")).isZero();
        assertThat(format("Well, <think>a</think> b")).isZero();
        assertThat(format("<think>a <think>b</think> c")).isZero();
        assertThat(format("<think>a</think> b <think>")).isZero();
        assertThat(format("</think>a<think>")).isZero();
        assertThat(format("")).isZero();
    }
}
