package ai.preceptor.train.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Score;
import ai.preceptor.train.Metric;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreStatisticsTest {
    private static Score.Part part(String name, double value) {
        return new Score.Part(name, value, 2);
    }

    @Test
    void of_oneScorer_leavesOutWhatIsUnscored() {
        Map<String, Metric> metrics =
                ScoreStatistics.of("judge", List.of(Score.of(1), Score.unscored("down"), Score.of(4)));
        assertThat(metrics).containsOnlyKeys("rewards/judge/mean", "rewards/judge/std");
        assertThat(metrics.get("rewards/judge/mean").value()).isEqualTo(2.5);
        assertThat(metrics.get("rewards/judge/mean").weight()).isEqualTo(2);
        assertThat(metrics.get("rewards/judge/std").value()).isCloseTo(Math.sqrt(4.5), within(1e-12));
    }

    /** The second answer has no score, but a brevity of -6; the third was scored by nobody. */
    @Test
    void of_several_tellsEachByItsName() {
        Map<String, Metric> metrics = ScoreStatistics.of(
                "mix",
                List.of(
                        Score.of(2).with(List.of(part("rule:brevity", -2), part("teacher", 3))),
                        Score.unscored("teacher: down")
                                .with(List.of(part("rule:brevity", -6), part("teacher", Double.NaN))),
                        Score.unscored("timed out")));
        assertThat(metrics)
                .containsOnlyKeys(
                        "rewards/mix/mean",
                        "rewards/rule:brevity/mean",
                        "rewards/rule:brevity/std",
                        "rewards/teacher/mean");
        assertThat(metrics.get("rewards/mix/mean").value()).isEqualTo(2);
        assertThat(metrics.get("rewards/rule:brevity/mean").value()).isEqualTo(-4);
        assertThat(metrics.get("rewards/rule:brevity/std").value()).isCloseTo(Math.sqrt(8), within(1e-12));
        assertThat(metrics.get("rewards/teacher/mean").value()).isEqualTo(3);
    }

    @Test
    void of_nothingScored_isEmptyRatherThanZero() {
        assertThat(ScoreStatistics.of("judge", List.of(Score.unscored("down")))).isEmpty();
    }
}
