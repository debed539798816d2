package ai.preceptor.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerRuleTest {
    private static Answer answer(String text) {
        return Answer.of(new Prompt(Text.plain("2 and 2?"), Map.of("answer", "Four")), text);
    }

    @Test
    void brevity_countsWords() {
        assertThat(AnswerRule.BREVITY.applyAsDouble(answer("It's  four, I think.")))
                .isEqualTo(-4);
        assertThat(AnswerRule.BREVITY.applyAsDouble(answer(" "))).isZero();
    }

    @Test
    void distinctWords_isTheShareOfNewOnes() {
        assertThat(AnswerRule.DISTINCT_WORDS.applyAsDouble(answer("No, no! NO? Yes")))
                .isEqualTo(0.5);
        assertThat(AnswerRule.DISTINCT_WORDS.applyAsDouble(answer("..."))).isZero();
    }

    @Test
    void containsAnswer_looksForTheColumn_whateverTheCase() {
        assertThat(AnswerRule.CONTAINS_ANSWER.applyAsDouble(answer("FOURTEEN"))).isEqualTo(1);
        assertThat(AnswerRule.CONTAINS_ANSWER.applyAsDouble(answer("five"))).isZero();
    }

    @Test
    void rulesOfTheTeachers_haveTheirNames() {
        assertThat(AnswerRule.ACCURACY.scorer().name()).isEqualTo("rule:accuracy");
        assertThat(AnswerRule.ACCURACY.applyAsDouble(
                        Answer.of(new Prompt(Text.plain("2 and 2?"), Map.of("answer", "#### 4")), "It is 4.")))
                .isOne();
        assertThat(AnswerRule.THINK_FORMAT.applyAsDouble(answer("<think>2 and 2</think> Four")))
                .isOne();
        assertThat(AnswerRule.REPETITION.applyAsDouble(answer("no no no no"))).isEqualTo(-0.5);
    }

    @Test
    void containsAnswer_withoutItsColumn_throws() {
        Answer without = Answer.of(Prompt.plain("2 and 2?"), "four");
        assertThatThrownBy(() -> AnswerRule.CONTAINS_ANSWER.applyAsDouble(without))
                .hasMessage("the prompt has no column \"answer\", found []");
    }
}
