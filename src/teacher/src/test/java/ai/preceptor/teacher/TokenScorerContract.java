package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.data.tool.ToolTurns;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every scorer of tokens owes. */
public abstract class TokenScorerContract {
    private static final long SEED = 20261129;
    private static final double ROUNDING = 1e-4;

    /** One that can score ids from 1 to 9, of prompts with the key {@code a}; called once a test. */
    protected abstract TokenScorer scorer();

    /** A sampled answer to a prompt whose column {@code teacher_key} is {@code a}. */
    protected static Trajectory trajectory(int[] prompt, int... answer) {
        return trajectory("a", prompt, answer);
    }

    protected static Trajectory trajectory(String key, int[] prompt, int... answer) {
        Completion completion = new Completion("x", answer, new float[answer.length], FinishReason.STOP);
        Prompt asked = new Prompt(Prompt.plain("p").text(), Map.of(KeyedTokenScorer.COLUMN, key));
        return new Trajectory(asked, prompt, completion, 0, 0, Score.of(0));
    }

    private static List<Trajectory> answers() {
        return List.of(
                trajectory(new int[] {1, 2, 3}, 4, 5),
                trajectory(new int[] {1, 2, 3}, 9),
                trajectory(new int[] {7}, 1, 2, 3, 4, 5, 6),
                trajectory(new int[] {1, 2, 3}, 4, 5));
    }

    @Test
    void logprobs_areOnePerToken_finiteAndNotAboveZero() {
        try (TokenScorer scorer = scorer()) {
            assertThat(scorer.name()).isNotBlank();
            List<float[]> found = scorer.logprobs(answers(), 1);
            assertThat(found).hasSize(4);
            for (int i = 0; i < 4; i++) {
                assertThat(found.get(i)).hasSize(answers().get(i).completion().length());
                for (float logprob : found.get(i)) {
                    assertThat(logprob).isFinite().isLessThanOrEqualTo(0);
                }
            }
            assertThat(scorer.logprobs(List.of(), 1)).isEmpty();
        }
    }

    @Test
    void logprobs_areTheAnswersOwn() {
        try (TokenScorer scorer = scorer()) {
            List<float[]> together = scorer.logprobs(answers(), 1);
            List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
            Collections.shuffle(order, new Random(SEED));
            List<float[]> otherwise =
                    scorer.logprobs(order.stream().map(answers()::get).toList(), 1);
            for (int i = 0; i < order.size(); i++) {
                assertThat(otherwise.get(i))
                        .as("seed %d, answer %d", SEED, order.get(i))
                        .containsExactly(together.get(order.get(i)), within((float) ROUNDING));
                float[] alone = scorer.logprobs(List.of(answers().get(i)), 1).get(0);
                assertThat(alone).containsExactly(together.get(i), within((float) ROUNDING));
            }
        }
    }

    /** Tokens of tools are read, and no number is given for them. */
    @Test
    void logprobs_ofAnAnswerWithTools_areThoseOfItsSampledTokens() {
        Trajectory whole = trajectory(new int[] {1, 2, 3}, 4, 5, 6, 7);
        ToolTurns turns = new ToolTurns(List.of(new ToolTurns.Turn(1, new int[] {5, 6}, "", List.of())), 1, 0);
        Completion sampled =
                new Completion("x", new int[] {4, 7}, new float[2], new float[2], FinishReason.STOP, null, turns);
        Trajectory masked = new Trajectory(whole.prompt(), whole.promptIds(), sampled, 0, 0, Score.of(0));
        try (TokenScorer scorer = scorer()) {
            List<float[]> found = scorer.logprobs(List.of(whole, masked), 1);
            assertThat(found.get(1))
                    .containsExactly(new float[] {found.get(0)[0], found.get(0)[3]}, within((float) ROUNDING));
        }
    }
}
