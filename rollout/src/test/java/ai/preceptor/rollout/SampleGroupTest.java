package ai.preceptor.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleGroupTest {
    @Test
    void scoreOfATokenThatTheAnswerLacks_isNone() {
        Completion answer = new Completion("a b", new int[] {4, 5}, new float[2], FinishReason.STOP);
        EncodedPrompt prompt = new EncodedPrompt(0, Prompt.plain("p"), new int[] {1});
        SampleGroup group = new SampleGroup(prompt, List.of(answer, answer), List.of(), 0, 0);
        Score within = Score.of(1).withTokens(List.of(new Score.TokenScore(1, 1)));
        Score beyond = Score.of(1).withTokens(List.of(new Score.TokenScore(0, 0.5), new Score.TokenScore(2, 0.5)));
        assertThat(group.withScores(List.of(within, beyond)).scores())
                .containsExactly(
                        within, Score.unscored("the scorer scored token 2, expected below 2, the answer's tokens"));
    }
}
