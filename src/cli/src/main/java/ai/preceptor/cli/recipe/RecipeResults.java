package ai.preceptor.cli.recipe;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.console.SamplePrinter;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.console.TextTable;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.cli.report.MetricsFile;
import ai.preceptor.cli.report.ReportModel;
import ai.preceptor.cli.report.ReportPage;
import ai.preceptor.cli.report.SampleRow;
import ai.preceptor.cli.report.SampleRow.MethodAnswer;
import ai.preceptor.cli.report.StageRow;
import ai.preceptor.train.run.RunDirectory;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /** Prints the tables and samples on standard output and writes {@code summary.json} and {@code report.html}. */
    void publish(RunDirectory directory, Terminal terminal) {
        Map<String, JsonNode> methods = methods();
        MeasuredRounds rounds = new MeasuredRounds(methods);
        List<MethodResult> results =
                rounds.others().stream().map(MethodResult::ofRow).toList();
        List<SampleRow> samples = samples();
        List<String> accuracies = stages.stream()
                .map(StageResult::accuracy)
                .filter(line -> !line.isEmpty())
                .toList();
        double seconds = stages.stream().mapToDouble(StageResult::seconds).sum();
        directory.writeSummary(summary(methods, rounds, seconds));
        Path page = directory.path().resolve(OutputPlace.FINISHED);
        String told = String.format(Locale.ROOT, "%s: %d stages in %.0f s", recipe.name(), stages.size(), seconds);
        String sentence = String.join(". ", concat(told, accuracies)) + ".";
        Chapter byRound = rounds.chapter().chapter();
        Chapter others = MethodResult.chapter(results);
        new ReportPage(report(sentence, List.of(byRound, others), methods.values(), samples)).write(page);
        for (Chapter table : List.of(byRound, others)) {
            if (!table.rows().isEmpty()) {
                terminal.out().println();
                TextTable.lines(table.header(), table.rows()).forEach(terminal.out()::println);
            }
        }
        accuracies.forEach(line -> terminal.out().println(System.lineSeparator() + line));
        new SamplePrinter(terminal).print(samples);
        terminal.out().println();
        terminal.out().println(told);
        terminal.out().println("report  " + page);
    }

    /** Prompts with the answers of all methods that several evaluations measured. */
    private List<SampleRow> samples() {
        Map<String, Map<String, MethodAnswer>> prompts = new LinkedHashMap<>();
        for (StageResult stage : stages) {
            for (SampleRow row : stage.samples()) {
                Map<String, MethodAnswer> answers =
                        prompts.computeIfAbsent(row.prompt(), prompt -> new LinkedHashMap<>());
                row.answers().forEach(answer -> answers.putIfAbsent(answer.method(), answer));
            }
        }
        return prompts.entrySet().stream()
                .map(row ->
                        new SampleRow(row.getKey(), List.copyOf(row.getValue().values())))
                .toList();
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

    private Map<String, @Nullable Object> summary(
            Map<String, JsonNode> methods, MeasuredRounds rounds, double seconds) {
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        summary.put("recipe", recipe.name());
        summary.put("seconds", seconds);
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (StageResult stage : stages) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("stage", stage.stage().name());
            row.put("command", stage.stage().kind().command());
            row.put("seconds", stage.seconds());
            stage.accuracyKeys().forEach(key -> row.put(key, stage.summary().path(key)));
            rows.add(row);
        }
        summary.put("stages", rows);
        summary.put("methods", List.copyOf(methods.values()));
        if (recipe.shape().rounds().exist()) {
            summary.put("rounds", rounds.rows());
        }
        return summary;
    }

    private ReportModel report(
            String sentence, List<Chapter> tables, Collection<JsonNode> methods, List<SampleRow> samples) {
        Frontier frontier =
                new Frontier().ends(methods.stream().map(MethodResult::ofRow).toList());
        recipe.stages().forEach(frontier::way);
        List<StageRow> rows = stages.stream()
                .map(stage -> new StageRow(
                        stage.stage().name(), stage.stage().kind().command() + ": " + stage.figures(), stage.seconds()))
                .toList();
        List<Chapter> chapters = new ArrayList<>(tables);
        chapters.add(Chapter.of("Reward against KL", List.of(frontier.curve())));
        chapters.add(Chapter.of("Learning curves", curves()));
        return new ReportModel(
                "Preceptor " + recipe.name(),
                sentence,
                chapters,
                samples,
                rows,
                List.of(),
                new RecipeText(recipe).yaml());
    }

    /** A picture for every stage that learnt, with a line for each of its rounds. */
    private List<Curve> curves() {
        Map<String, List<Line>> lines = new LinkedHashMap<>();
        for (RecipeStage<?> stage : recipe.stages()) {
            Path file = stage.directory().resolve("metrics.jsonl");
            Map<String, List<Point>> columns = Files.exists(file) ? new MetricsFile(file).columns() : Map.of();
            CURVES.stream()
                    .filter(columns::containsKey)
                    .findFirst()
                    .ifPresent(metric -> lines.computeIfAbsent(
                                    stage.id().own() + ": " + metric, title -> new ArrayList<>())
                            .add(new Line(
                                    stage.id().round() == 0
                                            ? metric
                                            : StageName.ROUND + stage.id().round(),
                                    columns.getOrDefault(metric, List.of()))));
        }
        List<Curve> curves = new ArrayList<>();
        lines.forEach(
                (title, each) -> curves.add(new Curve(title, "step", title.substring(title.indexOf(": ") + 2), each)));
        return curves;
    }

    private static List<String> concat(String first, List<String> others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        return all;
    }
}
