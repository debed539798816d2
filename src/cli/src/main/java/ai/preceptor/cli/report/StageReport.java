package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The report of one stage: its results in words, its headline metrics, and a curve for every other one.
 *
 * @param name of the stage
 * @param command that it ran
 * @param columns its metrics over steps
 * @param summary its {@code summary.json}
 */
public record StageReport(
        String name,
        String command,
        Map<String, List<Point>> columns,
        Map<String, ? extends @Nullable Object> summary) {
    /** Of a run directory's {@code metrics.jsonl}. */
    public static StageReport of(
            String name, String command, Path metrics, Map<String, ? extends @Nullable Object> summary) {
        return new StageReport(name, command, new MetricsFile(metrics).columns(), summary);
    }

    /**
     * Everything the page says.
     *
     * @param further chapters that stand before the other curves
     */
    public ReportModel model(List<Chapter> further, List<DataRow> data, String config) {
        StageCurves curves = new StageCurves(command, columns);
        List<Chapter> chapters = new ArrayList<>();
        chapters.add(Chapter.of(curves.hasRewardOverKl() ? "Reward and KL" : "Main metrics", curves.headline()));
        chapters.addAll(further);
        chapters.add(new Chapter("Learning curves", curves.others(), List.of(), List.of(), curves.note()));
        return new ReportModel("Preceptor " + name, sentence(), chapters, List.of(), List.of(), data, config);
    }

    /** The result in a few sentences. */
    public String sentence() {
        double seconds = summary.get("train_runtime") instanceof Number number ? number.doubleValue() : 0;
        String measured = new StageWords(command, columns, summary).text();
        return String.format(
                Locale.ROOT,
                "%s: %s steps in %.1f s%s",
                name,
                summary.get("steps"),
                seconds,
                measured.isEmpty() ? "" : ". " + measured);
    }
}
