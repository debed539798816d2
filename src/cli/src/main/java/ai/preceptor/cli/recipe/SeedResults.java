package ai.preceptor.cli.recipe;

import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.FigureColumn;
import ai.preceptor.cli.report.MethodSeeds;
import ai.preceptor.cli.report.SeedStatistics;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a recipe came to over its seeds.
 *
 * @param methods measured, once for each seed
 */
record SeedResults(List<MethodSeeds> methods) {
    /** Copies the list. */
    SeedResults {
        methods = List.copyOf(methods);
    }

    /** Of the rows of evaluations. */
    static SeedResults of(List<JsonNode> rows) {
        return new SeedResults(MethodSeeds.of(rows));
    }

    /** The table, a row a method. */
    Chapter chapter() {
        List<String> header = new ArrayList<>(List.of("method"));
        List<FigureColumn> columns = MethodSeeds.columns(methods);
        header.addAll(MethodSeeds.header(columns));
        List<List<String>> rows = new ArrayList<>();
        for (MethodSeeds method : methods) {
            List<String> row = new ArrayList<>(List.of(method.method()));
            row.addAll(method.cells(columns));
            rows.add(row);
        }
        return new Chapter("Results over seeds", List.of(), header, rows, MethodSeeds.NOTE);
    }

    /** For {@code summary.json}. */
    List<Map<String, @Nullable Object>> rows() {
        return methods.stream().map(MethodSeeds::row).toList();
    }

    /** How well reward models agree with held-out labels, a line for each stage that trains one. */
    static List<String> accuracies(List<StageResult> stages) {
        Map<String, List<Double>> accuracies = new LinkedHashMap<>();
        Map<String, StageResult> last = new LinkedHashMap<>();
        for (StageResult stage : stages) {
            if (!stage.accuracyKeys().isEmpty()) {
                String name = stage.stage().id().withRound();
                accuracies
                        .computeIfAbsent(name, key -> new ArrayList<>())
                        .add(100 * stage.summary().path("eval_accuracy").doubleValue());
                last.put(name, stage);
            }
        }
        List<String> lines = new ArrayList<>();
        accuracies.forEach((name, values) -> {
            StageResult stage = Objects.requireNonNull(last.get(name), name);
            SeedStatistics all = SeedStatistics.of(values);
            lines.add(
                    all.n() < 2
                            ? stage.accuracy()
                            : name + ": accuracy " + all.text("%.1f") + " % on held-out " + stage.measured()
                                    + " (mean ± sample standard deviation of " + all.n() + " seeds)");
        });
        return lines;
    }
}
