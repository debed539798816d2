package ai.preceptor.cli.report;

import ai.preceptor.cli.report.MethodResult.WinRate;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A method over several seeds.
 *
 * @param method its name
 * @param results one a seed
 */
public record MethodSeeds(String method, List<MethodResult> results) {
    /** What the figures of such a table are. */
    public static final String NOTE =
            SeedStatistics.NOTE + " Of a single one: the figure with its 95 % interval over prompts. KL is estimated by"
                    + " k1; by k3 for all seeds, marked (k3), where the mean of k1 is negative; of best-of-n it is an upper"
                    + " bound, marked (bound).";

    /** Copies the list. */
    public MethodSeeds {
        results = List.copyOf(results);
    }

    /**
     * The methods of evaluations of one recipe by several seeds, by their names, in the order of the first. A row without a seed, of
     * a stage that runs once for all, is left out where others of its name have one. The divergence of all is estimated by the same:
     * k1, or k3 where the mean of k1 is negative.
     */
    public static List<MethodSeeds> of(List<JsonNode> rows) {
        Map<String, List<JsonNode>> methods = new LinkedHashMap<>();
        rows.forEach(row -> methods.computeIfAbsent(row.path("method").asText(), name -> new ArrayList<>())
                .add(row));
        List<MethodSeeds> all = new ArrayList<>();
        methods.forEach((name, each) -> {
            if (each.stream().anyMatch(MethodSeeds::hasSeed)) {
                each.removeIf(row -> !hasSeed(row));
            }
            boolean k3 = MethodResult.isByK3(each);
            all.add(new MethodSeeds(
                    name, each.stream().map(row -> MethodResult.ofRow(row, k3)).toList()));
        });
        return all;
    }

    private static boolean hasSeed(JsonNode row) {
        return row.path("seed").isNumber();
    }

    /** Mean and deviation of a figure over the seeds that have it. */
    public SeedStatistics over(FigureColumn column) {
        return over(result -> result.value(column));
    }

    /** How a figure was estimated, where not as usual; else empty. */
    private String estimator(FigureColumn column) {
        return results.stream()
                .map(result -> result.figure(column))
                .filter(Objects::nonNull)
                .map(Figure::estimator)
                .findFirst()
                .orElse("");
    }

    private SeedStatistics over(Function<MethodResult, @Nullable Double> figure) {
        return SeedStatistics.of(
                results.stream().map(figure).filter(Objects::nonNull).toList());
    }

    /** Figures of some methods, in the order of tables; without differences, whose mean over seeds is one of those of scores. */
    public static List<FigureColumn> columns(Collection<MethodSeeds> methods) {
        return FigureColumn.of(methods.stream()
                        .flatMap(method -> method.results().stream())
                        .toList())
                .stream()
                .filter(column -> !FigureColumn.isDifference(column.key()))
                .toList();
    }

    /** Titles of {@link #cells}. */
    public static List<String> header(List<FigureColumn> columns) {
        List<String> titles = new ArrayList<>(List.of("n", "win rate"));
        columns.forEach(column -> titles.add(column.title()));
        return titles;
    }

    /** One cell a title. */
    public List<String> cells(List<FigureColumn> columns) {
        MethodResult first = results.get(0);
        boolean one = results.size() == 1;
        WinRate rate = first.winRate();
        List<String> cells = new ArrayList<>();
        cells.add(Integer.toString(results.size()));
        cells.add(
                one && rate != null
                        ? String.format(
                                Locale.ROOT,
                                "%.1f %% (%.1f to %.1f)",
                                100 * rate.rate(),
                                100 * rate.low(),
                                100 * rate.high())
                        : percent(over(result -> rate(result, 100))));
        for (FigureColumn column : columns) {
            cells.add(
                    one ? first.text(column) : over(column).text(column.pattern()) + Figure.marked(estimator(column)));
        }
        return cells;
    }

    private static @Nullable Double rate(MethodResult result, int scale) {
        WinRate rate = result.winRate();
        return rate == null ? null : scale * rate.rate();
    }

    /** For {@code summary.json}: {@code NAME_mean} and {@code NAME_std} of each figure; null for what was not measured. */
    public Map<String, @Nullable Object> row() {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("method", method);
        row.put("n", results.size());
        put(row, "win_rate", over(result -> rate(result, 1)));
        FigureColumn.of(results).forEach(column -> put(row, column.key(), over(column)));
        String estimator = estimator(FigureColumn.KL);
        if (!estimator.isEmpty()) {
            row.put(FigureColumn.KL.key() + "_estimator", estimator);
        }
        return row;
    }

    private static void put(Map<String, @Nullable Object> row, String name, SeedStatistics all) {
        row.put(name + "_mean", Double.isNaN(all.mean()) ? null : all.mean());
        row.put(name + "_std", Double.isNaN(all.deviation()) ? null : all.deviation());
    }

    private static String percent(SeedStatistics share) {
        return share.n() == 0 ? share.text("%.1f") : share.text("%.1f") + " %";
    }
}
