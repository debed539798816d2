package ai.preceptor.policy.kl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.GradientCheck;
import org.junit.jupiter.api.Test;

/** What every {@link KlEstimator} owes. An implementation's test extends this. */
public abstract class KlEstimatorContract {

    /** The estimator under test. */
    protected abstract KlEstimator estimator();

    /** The estimator whose derivative its slope is: itself, unless it borrows that of another. */
    protected KlEstimator differentiated() {
        return estimator();
    }

    @Test
    void name_saysSomething() {
        assertThat(estimator().name()).isNotBlank();
    }

    @Test
    void value_atEquality_isZero() {
        assertThat(estimator().value(0)).isZero();
    }

    @Test
    void slope_isTheDerivativeOfTheValue() {
        for (double d = -3.05; d <= 3; d += 0.25) {
            new GradientCheck(1e-6, 1e-6)
                    .verify("at " + d, x -> differentiated().value(x[0]), new double[] {d}, new double[] {
                        estimator().slope(d)
                    });
        }
    }
}
