package ai.preceptor.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.chart.Curve.Point;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedStatisticsTest {
    /** Mean 4; squares 9, 1 and 16; 26 by n - 1 = 2 is 13. */
    @Test
    void of_threeValues_isTheHandWorkedMeanAndSampleDeviation() {
        SeedStatistics all = SeedStatistics.of(List.of(1.0, 3.0, 8.0));
        assertThat(all.n()).isEqualTo(3);
        assertThat(all.mean()).isEqualTo(4, within(1e-12));
        assertThat(all.deviation()).isEqualTo(Math.sqrt(13), within(1e-12));
        assertThat(all.text("%.2f")).isEqualTo("4.00 ± 3.61");
    }

    @Test
    void of_oneOrNone_hasNoDeviation() {
        assertThat(SeedStatistics.of(List.of(2.0, Double.NaN)).text("%.1f")).isEqualTo("2.0");
        assertThat(SeedStatistics.of(List.of(2.0)).deviation()).isNaN();
        assertThat(SeedStatistics.of(List.of()).text("%.1f")).isEqualTo("-");
    }

    /** Of 1 and 3 the mean is 2 and the deviation the root of 2; the second run has not come to step 3. */
    @Test
    void curve_goesAsFarAsAllRunsHaveCome() {
        List<Point> curve = SeedCurve.of(List.of(
                List.of(new Point(1, 1), new Point(2, 5), new Point(3, 7)), List.of(new Point(1, 3), new Point(2, 5))));
        assertThat(curve).hasSize(2);
        assertThat(curve.get(0).y()).isEqualTo(2, within(1e-12));
        assertThat(curve.get(0).low()).isEqualTo(2 - Math.sqrt(2), within(1e-12));
        assertThat(curve.get(0).high()).isEqualTo(2 + Math.sqrt(2), within(1e-12));
        assertThat(curve.get(1)).isEqualTo(new Point(2, 5));
    }

    @Test
    void methods_overSeeds_areMeansAndWithOneSeedIntervals() throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String row : List.of(
                "{'method': 'dpo', 'win_rate': 0.7, 'win_rate_low': 0.6, 'win_rate_high': 0.8, 'reward': 1}",
                "{'method': 'dpo', 'win_rate': 0.8, 'win_rate_low': 0.7, 'win_rate_high': 0.9, 'reward': 2}",
                "{'method': 'pro', 'win_rate': 0.5, 'win_rate_low': 0.4, 'win_rate_high': 0.6, 'reward': 3,"
                        + " 'reward_low': 2.5, 'reward_high': 3.5}")) {
            rows.add(new ObjectMapper().readTree(row.replace('\'', '"')));
        }
        List<MethodSeeds> methods = MethodSeeds.of(rows);
        assertThat(methods.get(0).cells()).startsWith("2", "75.0 ± 7.1 %", "1.500 ± 0.707", "-");
        assertThat(methods.get(1).cells()).startsWith("1", "50.0 % (40.0 to 60.0)", "3.000 ± 0.500");
        assertThat(methods.get(0).row())
                .containsEntry("n", 2)
                .containsEntry("reward_mean", 1.5)
                .containsEntry("reward_std", Math.sqrt(0.5))
                .containsEntry("kl_to_reference_mean", null);
    }
}
