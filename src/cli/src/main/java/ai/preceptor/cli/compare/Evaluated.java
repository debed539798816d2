package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.FigureColumn;
import ai.preceptor.cli.report.MethodRows;
import ai.preceptor.cli.report.MethodSeeds;
import ai.preceptor.cli.report.SeedStatistics;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What evaluations of a group of runs measured.
 *
 * @param group the runs
 * @param methods students, one row a method; empty for none
 * @param rows the same for charts
 * @param accuracies of a reward model on held-out pairs, one a run; empty for none
 */
record Evaluated(RunGroup group, List<MethodSeeds> methods, List<MethodRows> rows, List<JsonNode> accuracies) {
    static final List<String> ACCURACY = List.of("run", "n", "accuracy on held-out pairs");

    /** Null where nothing was measured. */
    static @Nullable Evaluated of(RunGroup group) {
        List<JsonNode> rows = new ArrayList<>();
        List<JsonNode> accuracies = new ArrayList<>();
        for (ComparedRun run : group.runs()) {
            run.summary().path("methods").forEach(rows::add);
            if (run.summary().path("eval_accuracy_low").isNumber()) {
                accuracies.add(run.summary());
            }
        }
        return rows.isEmpty() && accuracies.isEmpty()
                ? null
                : new Evaluated(group, MethodSeeds.of(rows), MethodRows.of(rows), accuracies);
    }

    /** The table of all methods. */
    static Chapter results(String title, List<Curve> pictures, List<Evaluated> all, String note) {
        List<FigureColumn> columns = MethodSeeds.columns(
                all.stream().flatMap(each -> each.methods().stream()).toList());
        List<String> titles = new ArrayList<>(List.of("method", "run"));
        titles.addAll(MethodSeeds.header(columns));
        List<List<String>> rows =
                all.stream().flatMap(each -> each.methodRows(columns).stream()).toList();
        return new Chapter(title, pictures, titles, rows, note);
    }

    private List<List<String>> methodRows(List<FigureColumn> columns) {
        return methods.stream()
                .map(method -> {
                    List<String> row = new ArrayList<>(List.of(method.method(), group.label()));
                    row.addAll(method.cells(columns));
                    return List.copyOf(row);
                })
                .toList();
    }

    List<List<String>> accuracyRows() {
        if (accuracies.isEmpty()) {
            return List.of();
        }
        JsonNode first = accuracies.get(0);
        SeedStatistics all = SeedStatistics.of(accuracies.stream()
                .map(summary -> 100 * summary.path("eval_accuracy").doubleValue())
                .toList());
        String interval = accuracies.size() > 1
                ? ""
                : String.format(
                        Locale.ROOT,
                        " (%.1f to %.1f)",
                        100 * first.path("eval_accuracy_low").doubleValue(),
                        100 * first.path("eval_accuracy_high").doubleValue());
        return List.of(List.of(group.label(), Integer.toString(accuracies.size()), all.text("%.1f") + " %" + interval));
    }
}
