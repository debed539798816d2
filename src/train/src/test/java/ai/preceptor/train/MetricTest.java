package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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

    /** 1, 2 and 6: 3 in the mean, squares of 4, 1 and 9 over 2. */
    @Test
    void merge_ofVariances_isThatOfAllObservations() {
        Metric one = Metric.variance(1);
        assertThat(one.isKnown()).isFalse();
        assertThat(one.value()).isNaN();
        assertThat(one.merge(Metric.variance(2, 6)).value()).isEqualTo(7, within(1e-12));
        assertThat(Metric.variance(0.1, 0.1, 0.1).value()).isZero();
        assertThat(Metric.variance().merge(Metric.variance(1, 3)).value()).isEqualTo(2, within(1e-12));
    }

    /** Means of 1, 0, 0, 0 and of 0, 0; the means of differences would have 0.5. */
    @Test
    void merge_ofDifferences_mergesEachMean() {
        Metric first = Metric.difference(Metric.mean(1, 1), Metric.mean(0, 1));
        Metric second = Metric.difference(Metric.mean(0, 3), Metric.mean(0, 1));
        assertThat(first.value()).isEqualTo(1);
        assertThat(first.merge(second).value()).isEqualTo(0.25);
    }

    @Test
    void merge_ofDifferencesOfOneSideEach_isKnown() {
        Metric left = Metric.difference(Metric.mean(6, 2), Metric.mean(0, 0));
        Metric right = Metric.difference(Metric.mean(0, 0), Metric.mean(1, 1));
        assertThat(left.isKnown()).isFalse();
        assertThat(right.value()).isNaN();
        assertThat(left.merge(right).value()).isEqualTo(2);
        assertThat(right.merge(left).value()).isEqualTo(2);
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
