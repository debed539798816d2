package ai.preceptor.eval;

import static ai.preceptor.eval.Sampled.answers;
import static ai.preceptor.eval.Sampled.completion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import java.util.List;
import org.junit.jupiter.api.Test;

class LengthStatsTest {

    /** Tokens, each with its end: 3 and 5, so 4; and 2. */
    @Test
    void of_countsTokensPerPrompt() {
        LengthStats stats = LengthStats.of(answers(List.of("ab", "abcd"), List.of("a")));
        assertThat(stats.tokens().mean()).isEqualTo(3);
        assertThat(stats.clippedRatio()).isZero();
    }

    @Test
    void of_whatWasCutOffIsClipped() {
        AnswerSet set = new AnswerSet(
                List.of(Prompt.plain("p")),
                List.of(List.of(
                        completion("a"), completion("b", FinishReason.LENGTH), completion("c"), completion("d"))));
        assertThat(LengthStats.of(set).clippedRatio()).isEqualTo(0.25);
    }

    @Test
    void answerSet_refusesPromptsWithoutAnswers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AnswerSet(List.of(), List.of()))
                .withMessage("answers: to 0 prompts, must be one list for each of 0 prompts, at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answers(List.of("a"), List.of()))
                .withMessage("answers to prompt 1: 0, must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answers(List.of("a")).byPrompt(List.of(1, 2)))
                .withMessage("results: 2, must be one per answer: 1");
    }
}
