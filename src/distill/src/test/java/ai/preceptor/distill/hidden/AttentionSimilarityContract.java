package ai.preceptor.distill.hidden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.GradientCheck;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every similarity of attention keeps. */
public abstract class AttentionSimilarityContract {
    /** Numbers are multiples of this, so that float32 holds them and their steps exactly. */
    private static final double GRID = 1.0 / 4096;

    /** The similarity under test. */
    protected abstract AttentionSimilarity similarity();

    /** Two tokens that attend to 2 and to 4 tokens. */
    private static float[][] random(Random random) {
        float[][] rows = new float[2][];
        for (int token = 0; token < 2; token++) {
            rows[token] = new float[2 + 2 * token];
            int left = 4096;
            for (int key = 0; key < rows[token].length; key++) {
                int own = key == rows[token].length - 1
                        ? left
                        : 256 + random.nextInt(left / 2 - 256 * (rows[token].length - key) / 2);
                rows[token][key] = (float) (own * GRID);
                left -= own;
            }
        }
        return rows;
    }

    private static float[][] shaped(double[] flat) {
        float[][] rows = {new float[2], new float[4]};
        for (int i = 0; i < flat.length; i++) {
            rows[i < 2 ? 0 : 1][i < 2 ? i : i - 2] = (float) flat[i];
        }
        return rows;
    }

    private static double[] flat(float[][] rows) {
        double[] flat = new double[6];
        for (int i = 0; i < 6; i++) {
            flat[i] = rows[i < 2 ? 0 : 1][i < 2 ? i : i - 2];
        }
        return flat;
    }

    @Test
    void key_saysSomething() {
        assertThat(similarity().key()).isNotBlank();
    }

    @Test
    void gradient_agreesWithDifferences() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            float[][] teacher = random(random);
            float[][] student = random(random);
            float[][] gradient = new float[][] {new float[2], new float[4]};
            similarity().evaluate(teacher, student, gradient);
            new GradientCheck(GRID, 2e-3)
                    .verify(
                            similarity().key() + " seed " + seed,
                            x -> similarity().evaluate(teacher, shaped(x), new float[][] {new float[2], new float[4]}),
                            flat(student),
                            flat(gradient));
        }
    }

    @Test
    void equalAttention_costsNothing_otherSomething() {
        Random random = new Random(7);
        float[][] one = random(random);
        float[][] other = random(random);
        float[][] gradient = new float[][] {new float[2], new float[4]};
        assertThat(similarity().evaluate(one, one, gradient)).isCloseTo(0, within(1e-12));
        assertThat(similarity().evaluate(one, other, gradient)).isPositive();
    }

    @Test
    void otherTokens_areRefused() {
        float[][] one = random(new Random(1));
        float[][] longer = {new float[2], new float[5]};
        assertThatThrownBy(() -> similarity().evaluate(longer, one, new float[][] {new float[2], new float[4]}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(similarity().key());
    }
}
