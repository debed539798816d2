package ai.preceptor.policy.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.GradientCheck;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link RatioLevel} owes. An implementation's test extends this. */
public abstract class RatioLevelContract {
    private static final long SEED = 20261124;

    /** The level under test. */
    protected abstract RatioLevel level();

    private static double[] numbers(int tokens, long seed) {
        return new Random(seed).doubles(tokens, -0.5, 0.5).toArray();
    }

    @Test
    void name_saysSomething() {
        assertThat(level().name()).isNotBlank();
    }

    @Test
    void ratios_ofEqualPolicies_areOne() {
        assertThat(level().ratios(new double[5])).containsExactly(new double[] {1, 1, 1, 1, 1}, within(1e-12));
    }

    @Test
    void ratios_arePositiveAndOnePerToken_andLeaveTheirInput() {
        double[] logratios = numbers(7, SEED);
        double[] ratios = level().ratios(logratios);
        assertThat(ratios).as("seed %d", SEED).hasSize(7);
        assertThat(Arrays.stream(ratios).allMatch(ratio -> ratio > 0)).isTrue();
        assertThat(logratios).containsExactly(numbers(7, SEED));
        if (level().isShared()) {
            assertThat(ratios)
                    .containsExactly(
                            new double[] {ratios[0], ratios[0], ratios[0], ratios[0], ratios[0], ratios[0], ratios[0]});
        }
    }

    /** The function is any that is linear in the logarithms of the ratios. */
    @Test
    void spread_isTheTransposeOfTheDerivative() {
        double[] slopes = numbers(6, SEED + 1);
        double[] point = numbers(6, SEED);
        new GradientCheck(1e-5, 1e-6)
                .verify(
                        "seed " + SEED,
                        logratios -> {
                            double[] ratios = level().ratios(logratios);
                            double sum = 0;
                            for (int t = 0; t < ratios.length; t++) {
                                sum += slopes[t] * Math.log(ratios[t]);
                            }
                            return sum;
                        },
                        point,
                        level().spread(slopes));
        assertThat(slopes).containsExactly(numbers(6, SEED + 1));
    }
}
