package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The report of one stage: its results, and a curve for every metric.
 *
 * @param name of the stage
 * @param metrics its {@code metrics.jsonl}
 * @param summary its {@code summary.json}
 */
public record StageReport(String name, Path metrics, Map<String, ? extends @Nullable Object> summary) {
    /** Metrics with a picture of their own that need no other beside them. */
    private static final List<String> FIRST = List.of("loss", "grad_norm", "learning_rate");

    /** What is said of the last step of policy optimization. */
    private static final List<String> OF_POLICIES = List.of("reward", "objective/kl");

    /** Figures that stand in a chapter of their own, and would make the sentence a list. */
    private static final List<String> DETAILS = List.of(
            "eval_accuracy/",
            "eval_accuracy_longer",
            "eval_length_",
            "eval_longer_",
            "eval_completions/",
            "eval_frac_reward",
            "eval_runtime",
            "eval_margin_correlation",
            "eval_teacher_distance",
            "eval_teacher_correlation");

    /**
     * Everything the page says.
     *
     * @param further chapters that stand before the curves
     */
    public ReportModel model(List<Chapter> further, List<DataRow> data, String config) {
        List<Chapter> chapters = new ArrayList<>(further);
        chapters.add(Chapter.of("Learning curves", curves(new MetricsFile(metrics).columns())));
        StageRow row = new StageRow(name, figures(), seconds());
        return new ReportModel("Preceptor " + name, sentence(), chapters, List.of(), List.of(row), data, config);
    }

    /** The result in one line. */
    public String sentence() {
        return String.format(Locale.ROOT, "%s: %s steps in %.1f s%s", name, summary.get("steps"), seconds(), suffix());
    }

    private String suffix() {
        String figures = figures();
        return figures.isEmpty() ? "" : ", " + figures;
    }

    /** The numbers of the summary that are not about the loop itself. */
    private String figures() {
        List<String> figures = new ArrayList<>();
        Map<?, ?> last = summary.get("last_step") instanceof Map<?, ?> row ? row : Map.of();
        // the loss of policy optimization is near 0 whatever is learnt
        boolean rewarded = last.get("reward") instanceof Number;
        if (rewarded) {
            OF_POLICIES.forEach(key -> {
                if (last.get(key) instanceof Number number) {
                    figures.add((figures.isEmpty() ? "last step: " : "") + key + " " + text(number));
                }
            });
        }
        summary.forEach((key, value) -> {
            boolean measured = (key.equals("train_loss") && !rewarded)
                    || (key.startsWith("eval_") && DETAILS.stream().noneMatch(key::startsWith));
            if (measured && value instanceof Number number) {
                figures.add(key + " " + text(number));
            }
        });
        return String.join(", ", figures);
    }

    /** Counts as the integers they are. */
    private static String text(Number number) {
        return number instanceof Integer || number instanceof Long
                ? number.toString()
                : String.format(Locale.ROOT, "%.4f", number.doubleValue());
    }

    private double seconds() {
        return summary.get("train_runtime") instanceof Number number ? number.doubleValue() : 0;
    }

    /** Metrics of one family ({@code rewards/chosen}, {@code rewards/rejected}) share a picture. */
    private static List<Curve> curves(Map<String, List<Point>> columns) {
        Map<String, List<Line>> families = new LinkedHashMap<>();
        FIRST.forEach(metric -> families.put(metric, new ArrayList<>()));
        columns.forEach((metric, points) -> {
            if (!MetricsFile.AXES.contains(metric)) {
                int slash = metric.indexOf('/');
                String family = slash < 0 ? metric : metric.substring(0, slash);
                families.computeIfAbsent(family, name -> new ArrayList<>()).add(new Line(metric, points));
            }
        });
        List<Curve> curves = new ArrayList<>();
        families.forEach((family, lines) -> {
            if (!lines.isEmpty()) {
                curves.add(new Curve(family, "step", family, lines));
            }
        });
        return curves;
    }
}
