package ai.preceptor.cli.recipe;

import ai.preceptor.cli.console.SamplePrinter;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.console.TextTable;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.Curve;
import ai.preceptor.cli.report.Curve.Line;
import ai.preceptor.cli.report.Curve.Point;
import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.cli.report.MetricsFile;
import ai.preceptor.cli.report.ReportModel;
import ai.preceptor.cli.report.ReportPage;
import ai.preceptor.cli.report.SampleRow;
import ai.preceptor.cli.report.StageRow;
import ai.preceptor.train.run.RunDirectory;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The results of a recipe, collected from the directories of its stages, so that a resumed run reports the same as an
 * uninterrupted one.
 */
final class RecipeResults {
    /** The curve that tells most of how a stage went; the first that it has. */
    private static final List<String> CURVES =
            List.of("reward", "rewards/accuracies", "accuracy", "mean_token_accuracy", "opd/reverse_kl", "loss");

    private final Recipe recipe;
    private final List<StageResult> stages;

    RecipeResults(Recipe recipe, FinishedStages finished) {
        this.recipe = recipe;
        this.stages = recipe.stages().stream()
                .map(stage -> StageResult.of(stage, finished.seconds(stage)))
                .toList();
    }

    /** Prints the table and samples on standard output and writes {@code summary.json} and {@code report.html}. */
    void publish(RunDirectory directory, Terminal terminal) {
        Map<String, JsonNode> methods = methods();
        List<MethodResult> results =
                methods.values().stream().map(MethodResult::ofRow).toList();
        List<SampleRow> samples =
                stages.stream().flatMap(stage -> stage.samples().stream()).toList();
        List<String> accuracies = stages.stream()
                .map(StageResult::accuracy)
                .filter(line -> !line.isEmpty())
                .toList();
        double seconds = stages.stream().mapToDouble(StageResult::seconds).sum();
        directory.writeSummary(summary(methods, seconds));
        Path page = directory.path().resolve(OutputPlace.FINISHED);
        String told = String.format(Locale.ROOT, "%s: %d stages in %.0f s", recipe.name(), stages.size(), seconds);
        String sentence = String.join(". ", concat(told, accuracies)) + ".";
        new ReportPage(report(sentence, results, samples)).write(page);
        if (!results.isEmpty()) {
            terminal.out().println();
            Chapter table = MethodResult.chapter(results);
            TextTable.lines(table.header(), table.rows()).forEach(terminal.out()::println);
        }
        accuracies.forEach(line -> terminal.out().println(System.lineSeparator() + line));
        new SamplePrinter(terminal).print(samples);
        terminal.out().println();
        terminal.out().println(told);
        terminal.out().println("report  " + page);
    }

    /** The rows of all evaluations; of two with the same name, such as the start's, the first. */
    private Map<String, JsonNode> methods() {
        Map<String, JsonNode> methods = new LinkedHashMap<>();
        for (StageResult stage : stages) {
            stage.methods()
                    .forEach(row -> methods.putIfAbsent(row.path("method").asText(), row));
        }
        return methods;
    }

    private Map<String, @Nullable Object> summary(Map<String, JsonNode> methods, double seconds) {
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        summary.put("recipe", recipe.name());
        summary.put("seconds", seconds);
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (StageResult stage : stages) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("stage", stage.stage().name());
            row.put("command", stage.stage().kind().command());
            row.put("seconds", stage.seconds());
            if (!stage.accuracy().isEmpty()) {
                for (String key : List.of("eval_accuracy", "eval_accuracy_low", "eval_accuracy_high", "eval_pairs")) {
                    row.put(key, stage.summary().path(key));
                }
            }
            rows.add(row);
        }
        summary.put("stages", rows);
        summary.put("methods", List.copyOf(methods.values()));
        return summary;
    }

    private ReportModel report(String sentence, List<MethodResult> results, List<SampleRow> samples) {
        Frontier frontier = new Frontier().ends(results);
        recipe.stages().forEach(frontier::way);
        List<StageRow> rows = stages.stream()
                .map(stage -> new StageRow(
                        stage.stage().name(), stage.stage().kind().command() + ": " + stage.figures(), stage.seconds()))
                .toList();
        List<Curve> curves = recipe.stages().stream()
                .map(RecipeResults::curve)
                .flatMap(Optional::stream)
                .toList();
        List<Chapter> chapters = List.of(
                MethodResult.chapter(results),
                Chapter.of("Reward against KL", List.of(frontier.curve())),
                Chapter.of("Learning curves", curves));
        return new ReportModel(
                "Preceptor " + recipe.name(),
                sentence,
                chapters,
                samples,
                rows,
                List.of(),
                new RecipeText(recipe).yaml());
    }

    private static Optional<Curve> curve(RecipeStage<?> stage) {
        Path file = stage.directory().resolve("metrics.jsonl");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, List<Point>> columns = new MetricsFile(file).columns();
        return CURVES.stream()
                .filter(columns::containsKey)
                .findFirst()
                .map(metric -> new Curve(
                        stage.name() + ": " + metric,
                        "step",
                        metric,
                        List.of(new Line(metric, columns.getOrDefault(metric, List.of())))));
    }

    private static List<String> concat(String first, List<String> others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        return all;
    }
}
