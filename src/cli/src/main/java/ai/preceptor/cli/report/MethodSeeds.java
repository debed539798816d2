package ai.preceptor.cli.report;

import ai.preceptor.cli.report.MethodResult.WinRate;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
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
                    + " k1; by k3 for all seeds, marked (k3), where the mean of k1 is negative.";

    /** Titles of {@link #cells}. */
    public static final List<String> HEADER =
            List.of("n", "win rate", "reward", "KL", "length", "rule score", "seconds");

    /** The names in {@code summary.json}. */
    private static final Map<String, Function<MethodResult, @Nullable Double>> FIGURES = figures();

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

    private boolean isByK3() {
        return results.get(0).details().k3();
    }

    /** Mean and deviation of a figure over the seeds that have it. */
    public SeedStatistics over(Function<MethodResult, @Nullable Double> figure) {
        return SeedStatistics.of(
                results.stream().map(figure).filter(Objects::nonNull).toList());
    }

    /** One cell a title. */
    public List<String> cells() {
        MethodResult first = results.get(0);
        boolean one = results.size() == 1;
        WinRate rate = first.winRate();
        return List.of(
                Integer.toString(results.size()),
                one && rate != null
                        ? String.format(
                                Locale.ROOT,
                                "%.1f %% (%.1f to %.1f)",
                                100 * rate.rate(),
                                100 * rate.low(),
                                100 * rate.high())
                        : percent(over(result -> result.winRate() == null
                                ? null
                                : 100 * result.winRate().rate())),
                one ? first.rewardText() : over(MethodResult::reward).text("%.3f"),
                one ? first.klText() : over(MethodResult::kl).text("%.3f") + (isByK3() ? MethodResult.BY_K3 : ""),
                over(MethodResult::length).text("%.1f"),
                one ? first.ruleScoreText() : over(MethodResult::ruleScore).text("%.3f"),
                over(MethodResult::seconds).text("%.1f"));
    }

    /** For {@code summary.json}: {@code NAME_mean} and {@code NAME_std} of each figure; null for what was not measured. */
    public Map<String, @Nullable Object> row() {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("method", method);
        row.put("n", results.size());
        FIGURES.forEach((name, figure) -> {
            SeedStatistics all = over(figure);
            row.put(name + "_mean", Double.isNaN(all.mean()) ? null : all.mean());
            row.put(name + "_std", Double.isNaN(all.deviation()) ? null : all.deviation());
        });
        if (isByK3()) {
            row.put("kl_to_reference_estimator", "k3");
        }
        return row;
    }

    private static String percent(SeedStatistics share) {
        return share.n() == 0 ? share.text("%.1f") : share.text("%.1f") + " %";
    }

    private static Map<String, Function<MethodResult, @Nullable Double>> figures() {
        Map<String, Function<MethodResult, @Nullable Double>> figures = new LinkedHashMap<>();
        figures.put(
                "win_rate",
                result -> result.winRate() == null ? null : result.winRate().rate());
        figures.put("reward", MethodResult::reward);
        figures.put("kl_to_reference", MethodResult::kl);
        figures.put("completions/mean_length", MethodResult::length);
        figures.put("rule_score", MethodResult::ruleScore);
        figures.put("seconds", MethodResult::seconds);
        return figures;
    }
}
