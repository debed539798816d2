package ai.preceptor.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void holding_someValues_givesRoundTicks() {
        Axis axis = Axis.holding(DoubleStream.of(0.12, 0.93));
        assertThat(axis.ticks()).containsExactly(0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0);
        assertThat(axis.ticks().stream().map(axis::label)).containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
        assertThat(Axis.holding(DoubleStream.of(1, 1200)).label(500)).isEqualTo("500");
        assertThat(Axis.holding(DoubleStream.of(0, 2e-5)).label(1e-5)).isEqualTo("1.0e-05");
    }

    @Test
    void holding_aValueJustBeyondATick_endsThere() {
        Axis divergences = Axis.holding(DoubleStream.of(-0.02, 0.6, 142.6));
        assertThat(divergences.low()).isEqualTo(-0.02);
        assertThat(divergences.ticks()).containsExactly(0.0, 50.0, 100.0, 150.0);
        Axis scores = Axis.holding(DoubleStream.of(-100.9, -1, 0.9));
        assertThat(scores.low()).isEqualTo(-100.9);
        assertThat(scores.ticks()).containsExactly(-100.0, -50.0, 0.0);
        assertThat(scores.high()).as("a fiftieth of a step of 50 beyond").isEqualTo(0.9);
        assertThat(Axis.holding(DoubleStream.of(-2, 100)).low())
                .as("more than that")
                .isEqualTo(-50);
    }

    @Test
    void ofCounts_endsWithThem() {
        Axis steps = Axis.ofCounts(DoubleStream.of(1, 414));
        assertThat(steps.ticks()).containsExactly(0.0, 100.0, 200.0, 300.0, 400.0);
        assertThat(steps.share(414)).isEqualTo(1);
        assertThat(Axis.ofCounts(DoubleStream.of(0.12, 0.93)).high())
                .as("no counts")
                .isEqualTo(1);
        assertThat(Axis.ofCounts(DoubleStream.of(3)).share(3)).isBetween(0.0, 1.0);
    }

    @Test
    void holding_oneValueOrNone_stillHasALength() {
        assertThat(Axis.holding(DoubleStream.of(3)).share(3)).isBetween(0.0, 1.0);
        Axis rate = Axis.holding(DoubleStream.of(5e-6, 5e-6));
        assertThat(rate.high()).as("a small constant is not drawn as 0").isLessThan(1e-4);
        assertThat(Axis.holding(DoubleStream.of(0)).share(0)).isBetween(0.0, 1.0);
        assertThat(Axis.holding(DoubleStream.empty()).share(0.5)).isBetween(0.0, 1.0);
    }

    @Test
    void holding_anyValues_holdsThemAll() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 500; i++) {
            double scale = Math.pow(10, random.nextInt(-8, 9));
            double[] values =
                    random.doubles(5).map(value -> (value - 0.5) * scale).toArray();
            Axis axis = Axis.holding(DoubleStream.of(values));
            for (double value : values) {
                assertThat(axis.share(value)).as("draw %d", i).isBetween(-1e-9, 1 + 1e-9);
            }
            assertThat(axis.ticks()).hasSizeBetween(2, 9);
        }
    }
}
