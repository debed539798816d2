package ai.preceptor.policy.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.train.Totals;
import org.junit.jupiter.api.Test;

/** What every {@link Aggregation} owes. An implementation's test extends this. */
public abstract class AggregationContract {
    /** The aggregation under test. */
    protected abstract Aggregation aggregation();

    @Test
    void name_saysSomething() {
        assertThat(aggregation().name()).isNotBlank();
    }

    @Test
    void tokenWeight_ofAnyAnswer_isFiniteAndAboveZero() {
        for (int tokens : new int[] {1, 2, 7, 64}) {
            for (Totals step : new Totals[] {new Totals(1, tokens), new Totals(5, 5 * 64), new Totals(1000, 64_000)}) {
                assertThat(aggregation().tokenWeight(tokens, step, 64))
                        .as("%d tokens, %s", tokens, step)
                        .isPositive()
                        .isFinite();
            }
        }
    }

    /** A step of twice as many rows and tokens has the same loss: it is a mean, whatever the size of a step. */
    @Test
    void tokenWeight_inAStepOfTwiceTheSize_isHalf() {
        for (int tokens : new int[] {1, 3, 64}) {
            double once = aggregation().tokenWeight(tokens, new Totals(6, 130), 64);
            double twice = aggregation().tokenWeight(tokens, new Totals(12, 260), 64);
            assertThat(twice).isCloseTo(once / 2, within(1e-15));
        }
    }
}
