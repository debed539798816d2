package ai.preceptor.policy.correction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link ImportanceSampling} owes. An implementation's test extends this. */
public abstract class ImportanceSamplingContract {
    private static final long SEED = 20261129;

    /** The weights under test. */
    protected abstract ImportanceSampling importance();

    @Test
    void name_saysSomething() {
        assertThat(importance().name()).isNotBlank();
    }

    @Test
    void weights_ofEqualDistributions_areOne() {
        assertThat(importance().weights(new double[5])).containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void weights_areFiniteAndNotNegative_andLeaveTheirInput() {
        for (double spread : new double[] {0.1, 5, 400}) {
            double[] logratios = new Random(SEED).doubles(7, -spread, spread).toArray();
            double[] weights = importance().weights(logratios);
            assertThat(weights).as("seed %d, spread %s", SEED, spread).hasSize(7);
            for (double weight : weights) {
                assertThat(weight).isFinite().isNotNegative();
            }
            assertThat(logratios)
                    .containsExactly(
                            new Random(SEED).doubles(7, -spread, spread).toArray());
            if (importance().isShared()) {
                assertThat(weights).containsOnly(weights[0]);
            }
        }
    }
}
