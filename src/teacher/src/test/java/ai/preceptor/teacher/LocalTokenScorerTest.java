package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.lm.batch.PackedBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalTokenScorerTest extends TokenScorerContract {
    /** A token's log-probability is minus its id over ten, times the temperature. */
    private static float[] fake(PackedBatch batch, double temperature) {
        float[] logprobs = new float[batch.targets().length];
        for (int i = 0; i < logprobs.length; i++) {
            logprobs[i] = (float) (-0.1 * batch.targets()[i] * temperature);
        }
        return logprobs;
    }

    @Override
    protected TokenScorer scorer() {
        return new LocalTokenScorer("local", LocalTokenScorerTest::fake, 8, 20);
    }

    @Test
    void logprobs_areAskedAtTheTemperature_inPassesOfBoundedSize() {
        List<Integer> rows = new ArrayList<>();
        TokenScorer scorer = new LocalTokenScorer(
                "local",
                (batch, temperature) -> {
                    rows.add(batch.rows());
                    return fake(batch, temperature);
                },
                8,
                20);
        List<float[]> found = scorer.logprobs(
                List.of(
                        trajectory(new int[] {1, 2, 3}, 4, 5),
                        trajectory(new int[] {1, 2, 3}, 6, 7, 8, 9),
                        trajectory(new int[] {1, 2}, 3, 3, 3)),
                2);
        assertThat(found.get(0)).containsExactly(-0.8f, -1f);
        assertThat(found.get(2)).containsExactly(-0.6f, -0.6f, -0.6f);
        assertThat(rows).as("3 + 1 + 3 of one prompt, then 2 + 2").containsExactly(7, 4);
    }

    /** It is left out and seen to be missing, and does not go through the model. */
    @Test
    void logprobs_ofWhatIsLongerThanTheModelReads_areNone() {
        TokenScorer scorer = new LocalTokenScorer("local", LocalTokenScorerTest::fake, 8, 4);
        List<float[]> found =
                scorer.logprobs(List.of(trajectory(new int[] {1, 2, 3}, 4, 5), trajectory(new int[] {1, 2}, 3, 5)), 1);
        assertThat(found.get(0)).containsExactly(Float.NaN, Float.NaN);
        assertThat(found.get(1)).containsExactly(-0.3f, -0.5f);
    }

    @Test
    void numbersBelowTheirRange_areRefused() {
        assertThatThrownBy(() -> new LocalTokenScorer("local", LocalTokenScorerTest::fake, 0, 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 rows per pass");
    }
}
