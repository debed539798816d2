package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve.Point;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What evaluations measured of one method, as points of charts. Figures have the names that {@code summary.json} has for them;
 * a figure is drawn if its row has both ends of its 95 % interval, {@code NAME_low} and {@code NAME_high}.
 *
 * @param method its name
 * @param rows of {@code summary.json}, one a seed
 */
public record MethodRows(String method, List<JsonNode> rows) {
    /** What the intervals of {@link #overKl} are. */
    public static final String OVER_KL_NOTE =
            "Several seeds: mean, lines of one sample standard deviation to either side. One seed: lines are 95 %"
                    + " intervals over prompts. KL by k1; by k3 where the mean of k1 is negative; of best-of-n an upper bound.";
    /** What those of {@link #bySeed} are. */
    public static final String BY_SEED_NOTE = "Each seed has a mark. Lines are 95 % intervals over prompts.";

    private static final String LOW = "_low";
    private static final String HIGH = "_high";
    private static final String KL = FigureColumn.KL.key();
    /** Of a row's height, what its marks take. */
    private static final double SPREAD = 0.7;

    /** Copies the list. */
    public MethodRows {
        rows = List.copyOf(rows);
    }

    /** Rows of evaluations that differ in their seed only, by method, in the order of the first. */
    public static List<MethodRows> of(List<JsonNode> rows) {
        Map<String, List<JsonNode>> methods = new LinkedHashMap<>();
        rows.forEach(row -> methods.computeIfAbsent(row.path("method").asText(), name -> new ArrayList<>())
                .add(row));
        List<MethodRows> all = new ArrayList<>();
        methods.forEach((name, each) -> all.add(new MethodRows(name, each)));
        return all;
    }

    /** Names of the figures with intervals that some row has, without the divergence. */
    public Set<String> figures() {
        Set<String> figures = new LinkedHashSet<>();
        for (JsonNode row : rows) {
            row.fieldNames().forEachRemaining(name -> {
                if (!name.startsWith(KL) && hasInterval(row, name)) {
                    figures.add(name);
                }
            });
        }
        return figures;
    }

    private static boolean hasInterval(JsonNode row, String name) {
        return row.path(name).isNumber()
                && row.path(name + LOW).isNumber()
                && row.path(name + HIGH).isNumber();
    }

    /**
     * A figure over the divergence in nats per answer: of several seeds the means, with one sample standard deviation to
     * either side; of one, the values with their 95 % intervals. Seeds that have only one of the two are left out; the point
     * is not finite where none has both.
     */
    public Point overKl(String figure) {
        String kl = divergence();
        List<JsonNode> measured = rows.stream()
                .filter(row -> hasInterval(row, figure) && row.path(kl).isNumber())
                .toList();
        if (measured.size() == 1) {
            JsonNode row = measured.get(0);
            double x = row.path(kl).doubleValue();
            boolean interval = hasInterval(row, kl);
            return new Point(
                    x,
                    row.path(figure).doubleValue(),
                    row.path(figure + LOW).doubleValue(),
                    row.path(figure + HIGH).doubleValue(),
                    interval ? row.path(kl + LOW).doubleValue() : x,
                    interval ? row.path(kl + HIGH).doubleValue() : x);
        }
        SeedStatistics x = statistics(measured, row -> row.path(kl).doubleValue());
        SeedStatistics y = statistics(measured, row -> row.path(figure).doubleValue());
        return new Point(
                x.mean(),
                y.mean(),
                y.mean() - y.deviation(),
                y.mean() + y.deviation(),
                x.mean() - x.deviation(),
                x.mean() + x.deviation());
    }

    /** The name of the estimate of the divergence, or of the upper bound on it where there is none. */
    private String divergence() {
        if (rows.stream().noneMatch(row -> row.path(KL).isNumber())) {
            return MethodResult.KL_BOUND;
        }
        return MethodResult.isByK3(rows) ? MethodResult.K3 : KL;
    }

    private static SeedStatistics statistics(List<JsonNode> rows, ToDoubleFunction<JsonNode> value) {
        return SeedStatistics.of(
                rows.stream().map(row -> value.applyAsDouble(row)).toList());
    }

    /** How many seeds have the figure. */
    public int seeds(String figure) {
        return (int) rows.stream().filter(row -> hasInterval(row, figure)).count();
    }

    /**
     * A point for each seed that has the figure, with its 95 % interval, below each other around a row of a chart.
     *
     * @param row its index
     * @param first place of the first of these among all marks in the row
     * @param all number of marks in the row
     */
    public List<Point> bySeed(String figure, int row, int first, int all) {
        List<Point> points = new ArrayList<>();
        for (JsonNode each : rows) {
            if (hasInterval(each, figure)) {
                double y = row + SPREAD * ((first + points.size() + 0.5) / all - 0.5);
                double x = each.path(figure).doubleValue();
                points.add(new Point(
                        x,
                        y,
                        y,
                        y,
                        each.path(figure + LOW).doubleValue(),
                        each.path(figure + HIGH).doubleValue()));
            }
        }
        return points;
    }
}
