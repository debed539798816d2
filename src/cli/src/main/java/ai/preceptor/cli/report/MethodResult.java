package ai.preceptor.cli.report;

import ai.preceptor.eval.EvalReport;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The results of one method on the evaluation prompts. Null, or no figure, stands for "not measured".
 *
 * @param method its name, {@code start} for the student before any of them
 * @param winRate against the start, judged by the teacher in both orders
 * @param turned share of comparisons whose verdict turned with the order of the answers, in [0, 1]; null for a judge that
 *     scores each answer by itself
 * @param figures by the keys of their columns
 */
public record MethodResult(
        String method, @Nullable WinRate winRate, @Nullable Double turned, Map<String, Figure> figures) {
    /** The estimator of a divergence that is not told by k1. */
    private static final String BY_K3 = "k3";

    /** In the place of an estimator, where there is only an upper bound. */
    private static final String BOUND = "bound";

    /** Keys of intervals. */
    private static final Pattern INTERVAL = Pattern.compile("_(low|high)$");

    /** The estimate of the divergence that is never negative. */
    static final String K3 = FigureColumn.KL.key() + "_k3";

    /** An upper bound on the divergence, where it is not estimated. */
    static final String KL_BOUND = FigureColumn.KL.key() + "_" + BOUND;

    /** Copies the figures. */
    public MethodResult {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    /** A row of a {@code summary.json}, as {@link ai.preceptor.eval.EvalReport#toRow} makes it. */
    public static MethodResult ofRow(JsonNode row) {
        return ofRow(row, isByK3(List.of(row)));
    }

    /**
     * Whether the divergence of these is told by k3, since the mean of k1 is negative: k1 of a policy near its reference is as often
     * below 0 as above, which no divergence is. Only where all that have one have the other.
     */
    static boolean isByK3(List<JsonNode> rows) {
        String kl = FigureColumn.KL.key();
        List<JsonNode> measured =
                rows.stream().filter(row -> number(row, kl) != null).toList();
        return measured.stream().mapToDouble(row -> row.path(kl).doubleValue()).sum() < 0
                && measured.stream().allMatch(row -> number(row, K3) != null);
    }

    /** @param k3 which estimate of the divergence */
    static MethodResult ofRow(JsonNode row, boolean k3) {
        Double rate = number(row, "win_rate");
        Double low = number(row, "win_rate_low");
        Double high = number(row, "win_rate_high");
        Map<String, Figure> figures = new LinkedHashMap<>();
        for (FigureColumn column : FigureColumn.STANDARD) {
            boolean byK3 = k3 && column.equals(FigureColumn.KL);
            put(figures, column.key(), row, byK3 ? K3 : column.key(), byK3 ? BY_K3 : "");
        }
        if (!figures.containsKey(FigureColumn.KL.key())) {
            put(figures, FigureColumn.KL.key(), row, KL_BOUND, BOUND);
        }
        row.fieldNames().forEachRemaining(key -> {
            if (key.startsWith(EvalReport.RULES) && !INTERVAL.matcher(key).find()) {
                put(figures, key, row, key, "");
            }
        });
        return new MethodResult(
                row.path("method").asText(),
                rate == null || low == null || high == null ? null : new WinRate(rate, low, high),
                number(row, "judge/disagreement"),
                figures);
    }

    private static void put(Map<String, Figure> figures, String key, JsonNode row, String read, String estimator) {
        Double value = number(row, read);
        if (value != null) {
            figures.put(key, new Figure(value, half(row, read), estimator));
        }
    }

    /** Half the width of the interval of a mean. */
    private static @Nullable Double half(JsonNode row, String key) {
        Double low = number(row, key + "_low");
        Double high = number(row, key + "_high");
        return low == null || high == null ? null : (high - low) / 2;
    }

    private static @Nullable Double number(JsonNode row, String key) {
        JsonNode value = row.path(key);
        return value.isNumber() ? value.doubleValue() : null;
    }

    /** The figure of a column; null if it was not measured. */
    public @Nullable Figure figure(FigureColumn column) {
        return figures.get(column.key());
    }

    /** Its value. */
    public @Nullable Double value(FigureColumn column) {
        Figure figure = figure(column);
        return figure == null ? null : figure.value();
    }

    /** A table with a row for every result; a dash where nothing was measured. */
    public static Chapter chapter(List<MethodResult> results) {
        return chapter("Results", results);
    }

    /** A table of the figures alone, without the intervals of means and differences: narrow enough for a terminal. */
    public static Chapter printed(List<MethodResult> results) {
        return chapter("", results.stream().map(MethodResult::withoutIntervals).toList());
    }

    private static Chapter chapter(String title, List<MethodResult> results) {
        List<String> header = new ArrayList<>(List.of("method", "win rate", "95 % interval", "turned"));
        List<FigureColumn> columns = FigureColumn.of(results);
        columns.forEach(column -> header.add(column.title()));
        return new Chapter(
                title,
                List.of(),
                header,
                results.stream().map(result -> result.cells(columns)).toList(),
                "Win rate: share of evaluation prompts whose answer the teacher prefers to the initial model's, judged in"
                        + " both orders, ties half. Turned: comparisons whose verdict changed with the order; the judge"
                        + " guesses where they are many. Teacher score: mean of the teacher's scores, where it scores each"
                        + " answer by itself. Reward: mean of the distilled reward model. Less start: mean of the"
                        + " differences of the score on its left to the initial model's, prompt by prompt. KL: nats per answer to the"
                        + " reference, estimated by k1; by k3, which is never negative, where k1 is negative by chance and"
                        + " the figure is marked (k3); of best-of-n an upper bound, marked (bound). Rule score: a rule that is not used in training, of several each under its"
                        + " name; a reward that rises while it falls indicates reward hacking. ±: half the 95 % interval of a mean, over prompts.");
    }

    private List<String> cells(List<FigureColumn> columns) {
        List<String> cells = new ArrayList<>(List.of(
                method,
                winRate == null ? "-" : format("%.1f %%", 100 * winRate.rate()),
                winRate == null ? "-" : format("%.1f to %.1f", 100 * winRate.low(), 100 * winRate.high()),
                turned == null ? "-" : format("%.1f %%", 100 * turned)));
        columns.forEach(column -> cells.add(text(column)));
        return cells;
    }

    /** The cell of a column. */
    String text(FigureColumn column) {
        Figure figure = figure(column);
        return figure == null ? "-" : figure.text(column);
    }

    private MethodResult withoutIntervals() {
        Map<String, Figure> without = new LinkedHashMap<>();
        figures.forEach((key, figure) -> {
            if (!FigureColumn.isDifference(key)) {
                without.put(key, figure.withoutInterval());
            }
        });
        return new MethodResult(method, winRate, turned, without);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /**
     * A share with its interval.
     *
     * @param rate in [0, 1]; a tie counts half
     * @param low lower end of the 95 % interval
     * @param high upper end
     */
    public record WinRate(double rate, double low, double high) {}
}
