package ai.preceptor.policy.loss;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.GradientCheck;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link Clip} owes. An implementation's test extends this. */
public abstract class ClipContract {
    private static final long SEED = 20261124;

    /** The clip under test. */
    protected abstract Clip clip();

    @Test
    void name_saysSomething() {
        assertThat(clip().name()).isNotBlank();
    }

    @Test
    void loss_withoutAdvantage_isZero() {
        for (double ratio : new double[] {1e-9, 0.5, 1, 3, Double.POSITIVE_INFINITY}) {
            assertThat(clip().loss(ratio, 0)).isZero();
            assertThat(clip().slope(ratio, 0)).isZero();
        }
    }

    /** Random points do not meet a corner. */
    @Test
    void slope_isTheDerivativeByTheLogarithmOfTheRatio() {
        Random random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            double logratio = random.nextGaussian();
            double advantage = 2 * random.nextGaussian();
            new GradientCheck(1e-6, 1e-5)
                    .verify(
                            "seed " + SEED + ", log-ratio " + logratio + ", advantage " + advantage,
                            x -> clip().loss(Math.exp(x[0]), advantage),
                            new double[] {logratio},
                            new double[] {clip().slope(Math.exp(logratio), advantage)});
        }
    }

    @Test
    void slope_whereABoundCutIt_isZero() {
        Random random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            double ratio = Math.exp(random.nextGaussian());
            double advantage = random.nextGaussian();
            boolean low = clip().isLow(ratio, advantage);
            boolean high = clip().isHigh(ratio, advantage);
            assertThat(low && high).isFalse();
            if (low || high) {
                assertThat(clip().slope(ratio, advantage))
                        .as("ratio %s, advantage %s", ratio, advantage)
                        .isZero();
            }
        }
    }
}
