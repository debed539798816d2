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

    /** A run that was killed and resumed may have two lines of a step; at step 2 one run diverged. */
    @Test
    void curve_twoLinesOfOneRunOrInfinity_isNoValueOfAll() {
        List<Point> curve = SeedCurve.of(List.of(
                List.of(new Point(1, 1), new Point(2, 5), new Point(3, 7), new Point(3, 8)),
                List.of(new Point(1, 3), new Point(2, Double.POSITIVE_INFINITY))));
        assertThat(curve).extracting(Point::x).containsExactly(1.0);
    }

    private static List<JsonNode> rows(String... rows) throws IOException {
        List<JsonNode> read = new ArrayList<>();
        for (String row : rows) {
            read.add(new ObjectMapper().readTree(row.replace('\'', '"')));
        }
        return read;
    }

    @Test
    void methods_severalRules_haveAColumnEach() throws IOException {
        List<MethodSeeds> methods = MethodSeeds.of(rows(
                "{'method': 'dpo', 'rules/f1': 0.25, 'rules/f1_low': 0.2, 'rules/f1_high': 0.3, 'rules/Polite': 1}",
                "{'method': 'dpo', 'rules/f1': 0.75, 'rules/f1_low': 0.7, 'rules/f1_high': 0.8, 'rules/Polite': 1}"));
        List<FigureColumn> columns = MethodSeeds.columns(methods);
        assertThat(MethodSeeds.header(columns)).containsSubsequence("rule score", "f1", "Polite", "seconds");
        assertThat(methods.get(0).cells(columns)).containsSubsequence("-", "0.500 ± 0.354", "1.000 ± 0.000", "-");
        assertThat(methods.get(0).row())
                .containsEntry("rules/f1_mean", 0.5)
                .containsEntry("rules/Polite_std", 0.0)
                .containsEntry("rule_score_mean", null);
    }

    /** Of k1 -0.1 and 0.3 the mean is 0.1, and the deviation 0.4 over the root of 2. */
    @Test
    void methods_oneSeedWithNegativeKl_isInTheMeanByTheSameEstimator() throws IOException {
        MethodSeeds method = MethodSeeds.of(rows(
                        "{'method': 'dpo', 'kl_to_reference': -0.1, 'kl_to_reference_k3': 0.02}",
                        "{'method': 'dpo', 'kl_to_reference': 0.3, 'kl_to_reference_k3': 0.04}"))
                .get(0);
        assertThat(method.cells(MethodSeeds.columns(List.of(method))).get(4)).isEqualTo("0.100 ± 0.283");
        assertThat(method.row()).doesNotContainKey("kl_to_reference_estimator");
    }

    @Test
    void methods_meanKlIsNegative_isByK3OfAllAndMarked() throws IOException {
        MethodSeeds method = MethodSeeds.of(rows(
                        "{'method': 'dpo', 'kl_to_reference': -0.3, 'kl_to_reference_k3': 0.02}",
                        "{'method': 'dpo', 'kl_to_reference': 0.1, 'kl_to_reference_k3': 0.04}"))
                .get(0);
        assertThat(method.cells(MethodSeeds.columns(List.of(method))).get(4)).isEqualTo("0.030 ± 0.014 (k3)");
        assertThat(method.row()).containsEntry("kl_to_reference_estimator", "k3");
        assertThat((Double) method.row().get("kl_to_reference_mean")).isEqualTo(0.03, within(1e-12));
    }

    @Test
    void methods_klOfBestOfN_isABoundAndMarked() throws IOException {
        MethodSeeds method = MethodSeeds.of(rows(
                        "{'method': 'best-of-2', 'kl_to_reference': null, 'kl_to_reference_bound': 0.25}",
                        "{'method': 'best-of-2', 'kl_to_reference': null, 'kl_to_reference_bound': 0.25}"))
                .get(0);
        assertThat(method.cells(MethodSeeds.columns(List.of(method))).get(4)).isEqualTo("0.250 ± 0.000 (bound)");
        assertThat(method.row()).containsEntry("kl_to_reference_estimator", "bound");
    }

    @Test
    void overKl_bestOfN_isDrawnAtItsBound() throws IOException {
        Point point = MethodRows.of(rows("{'method': 'best-of-2', 'kl_to_reference': null,"
                        + " 'kl_to_reference_bound': 0.25, 'reward': 1, 'reward_low': 0.5, 'reward_high': 1.5}"))
                .get(0)
                .overKl("reward");
        assertThat(point).isEqualTo(new Point(0.25, 1, 0.5, 1.5, 0.25, 0.25));
    }

    /** The start, by an evaluation before the seeds and by that of each seed. */
    @Test
    void methods_measuredWithAndWithoutSeed_areThoseOfTheSeeds() throws IOException {
        List<MethodSeeds> methods = MethodSeeds.of(rows(
                "{'method': 'start', 'reward': 9}",
                "{'method': 'once', 'reward': 5}",
                "{'method': 'start', 'reward': 1, 'seed': 1}",
                "{'method': 'start', 'reward': 2, 'seed': 2}"));
        assertThat(methods.get(0).cells(MethodSeeds.columns(methods))).startsWith("2", "-", "-", "1.500 ± 0.707");
        assertThat(methods.get(1).cells(MethodSeeds.columns(methods))).startsWith("1", "-", "-", "5.000");
    }

    @Test
    void methods_overSeeds_areMeansAndWithOneSeedIntervals() throws IOException {
        List<JsonNode> rows = rows(
                "{'method': 'dpo', 'win_rate': 0.7, 'win_rate_low': 0.6, 'win_rate_high': 0.8, 'reward': 1,"
                        + " 'teacher_score': 0.25}",
                "{'method': 'dpo', 'win_rate': 0.8, 'win_rate_low': 0.7, 'win_rate_high': 0.9, 'reward': 2,"
                        + " 'teacher_score': 0.75}",
                "{'method': 'pro', 'win_rate': 0.5, 'win_rate_low': 0.4, 'win_rate_high': 0.6, 'reward': 3,"
                        + " 'reward_low': 2.5, 'reward_high': 3.5}");
        List<MethodSeeds> methods = MethodSeeds.of(rows);
        assertThat(methods.get(0).cells(MethodSeeds.columns(methods)))
                .startsWith("2", "75.0 ± 7.1 %", "0.500 ± 0.354", "1.500 ± 0.707", "-");
        assertThat(methods.get(1).cells(MethodSeeds.columns(methods)))
                .startsWith("1", "50.0 % (40.0 to 60.0)", "-", "3.000 ± 0.500");
        assertThat(methods.get(0).row())
                .containsEntry("n", 2)
                .containsEntry("teacher_score_mean", 0.5)
                .containsEntry("reward_mean", 1.5)
                .containsEntry("reward_std", Math.sqrt(0.5))
                .containsEntry("kl_to_reference_mean", null);
    }
}
