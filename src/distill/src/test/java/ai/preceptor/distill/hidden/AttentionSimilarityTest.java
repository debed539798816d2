package ai.preceptor.distill.hidden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AttentionSimilarityTest {
    private static final float[][] P = {{0.75f, 0.25f, 0}};
    private static final float[][] Q = {{0.5f, 0.5f, 0}};

    /** 3/4 ln 3/2 + 1/4 ln 1/2; derivative -p / q, and nothing where neither looks. */
    @Test
    void kl_byHand() {
        float[][] gradient = {new float[3]};
        double expected = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
        assertThat(new AttentionKl().evaluate(P, Q, gradient)).isCloseTo(expected, within(1e-12));
        assertThat(gradient[0]).containsExactly(-1.5f, -0.5f, -0f);
    }

    /** 1/16 + 1/16; derivative 2 (q - p). */
    @Test
    void mse_byHand() {
        float[][] gradient = {new float[3]};
        assertThat(new AttentionMse().evaluate(P, Q, gradient)).isCloseTo(0.125, within(1e-12));
        assertThat(gradient[0]).containsExactly(-0.5f, 0.5f, 0f);
    }

    @Nested
    class Kl extends AttentionSimilarityContract {
        @Override
        protected AttentionSimilarity similarity() {
            return new AttentionKl();
        }
    }

    @Nested
    class Mse extends AttentionSimilarityContract {
        @Override
        protected AttentionSimilarity similarity() {
            return new AttentionMse();
        }
    }
}
