package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricTest {

    /** Three observations of sum 6 and one of 10 have the mean 4, not the mean of means 6. */
    @Test
    void merge_ofMeans_weighsByObservations() {
        assertThat(Metric.mean(6, 3).merge(Metric.mean(10, 1)).value()).isEqualTo(4);
    }

    @Test
    void merge_ofExtremes_keepsTheExtreme() {
        assertThat(Metric.min(2).merge(Metric.min(-1)).value()).isEqualTo(-1);
        assertThat(Metric.max(2).merge(Metric.max(-1)).value()).isEqualTo(2);
    }

    @Test
    void merge_withNothingObserved_keepsTheOther() {
        Metric nothing = new Metric(Metric.Kind.MIN, 0, 0);
        assertThat(nothing.value()).isNaN();
        assertThat(nothing.merge(Metric.min(3)).value()).isEqualTo(3);
        assertThat(Metric.min(3).merge(nothing).value()).isEqualTo(3);
    }

    @Test
    void merge_ofDifferentKinds_isRefused() {
        assertThatThrownBy(() -> Metric.min(1).merge(Metric.max(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MIN");
    }

    @Test
    void merge_ofMaps_keepsNamesOfEitherSide() {
        Map<String, Metric> merged = Metric.merge(
                Map.of("a", Metric.mean(1, 1), "b", Metric.mean(2, 1)),
                Map.of("b", Metric.mean(4, 1), "c", Metric.max(9)));
        assertThat(merged).containsOnlyKeys("a", "b", "c");
        assertThat(merged.get("b").value()).isEqualTo(3);
    }
}
