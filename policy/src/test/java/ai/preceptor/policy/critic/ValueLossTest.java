package ai.preceptor.policy.critic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.GradientCheck;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueLossTest {
    private static final ValueLoss LOSS = new ValueLoss(0.25);

    /**
     * Returns of 1. The first value moved from 0 to 0.125, within the bound: its error is -0.875. The second moved to 0.5, so
     * the bounded one is 0.25, further from 1: flat. The third moved away to -0.5: its own error of -1.5 is the larger one. The
     * fourth was 2 and fell to 1: bounded it is 1.75, flat again.
     */
    @Test
    void evaluate_isTheHandWorkedValue() {
        ValueLoss.Term term = LOSS.evaluate(
                new float[] {0.125f, 0.5f, -0.5f, 1},
                new ValueTargets(new float[] {0, 0, 0, 2}, new double[] {1, 1, 1, 1}),
                0.25);
        assertThat(term.loss()).isCloseTo((0.875 * 0.875 + 0.75 * 0.75 + 1.5 * 1.5 + 0.75 * 0.75) / 8, within(1e-12));
        assertThat(term.gradient()).containsExactly(-0.875 / 4, 0, -1.5 / 4, 0);
        assertThat(term.clipped()).isEqualTo(2);
    }

    /** Where values are those of the time of sampling nothing is clipped: half the mean squared error. */
    @Test
    void evaluate_ofTheFirstStep_isTheSquaredError() {
        float[] values = {0.1f, -7, 300};
        ValueLoss.Term term = LOSS.evaluate(values, new ValueTargets(values, new double[] {1, 1, 1}), 1.0 / 3);
        assertThat(term.clipped()).isZero();
        assertThat(term.loss()).isCloseTo((0.81 + 64 + 299 * 299) / 6, within(1e-2));
        assertThat(term.gradient()).containsExactly(new double[] {-0.3, -8.0 / 3, 299.0 / 3}, within(1e-6));
    }

    @Test
    void evaluate_gradient_isThatOfCentralDifferences() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            double[] point = random.doubles(8, -1, 1).toArray();
            float[] old = new float[8];
            for (int t = 0; t < 8; t++) {
                point[t] = Math.rint(point[t] * 1024) / 1024;
                old[t] = (float) Math.rint(random.nextDouble() * 64) / 64 + 1f / 1000; // no value is on a bound
            }
            ValueTargets targets =
                    new ValueTargets(old, random.doubles(8, -1, 1).toArray());
            new GradientCheck(1.0 / 65536, 1e-4)
                    .verify(
                            "seed " + seed,
                            at -> LOSS.evaluate(floats(at), targets, 0.5).loss(),
                            point,
                            LOSS.evaluate(floats(point), targets, 0.5).gradient());
        }
    }

    private static float[] floats(double[] wide) {
        float[] narrow = new float[wide.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) wide[i];
        }
        return narrow;
    }

    @Test
    void impossibleNumbers_areRefused() {
        assertThatThrownBy(() -> new ValueLoss(0)).hasMessageContaining("cliprange_value: 0.0, must be above 0");
        assertThatThrownBy(() -> new ValueTargets(new float[2], new double[3])).hasMessageContaining("returns: 3");
        assertThatThrownBy(() -> LOSS.evaluate(new float[1], new ValueTargets(new float[2], new double[2]), 1))
                .hasMessageContaining("values: 1, must be one per return: 2");
    }
}
