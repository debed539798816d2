package ai.preceptor.cli.recipe;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.chart.Curve.Spread;
import ai.preceptor.cli.console.SamplePrinter;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.console.TextTable;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.cli.report.MethodSeeds;
import ai.preceptor.cli.report.ReportModel;
import ai.preceptor.cli.report.ReportPage;
import ai.preceptor.cli.report.SampleRow;
import ai.preceptor.cli.report.SampleRow.MethodAnswer;
import ai.preceptor.cli.report.SeedCurve;
import ai.preceptor.cli.report.StageRow;
import ai.preceptor.train.run.RunDirectory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The results of a recipe, collected from the directories of its stages, so that a resumed run reports the same as an
 * uninterrupted one.
 */
final class RecipeResults {
    /** The curve that tells most of how a stage went; the first that it has. */
    private static final List<String> CURVES =
            List.of("reward", "rewards/accuracies", "accuracy", "mean_token_accuracy", "opd/reverse_kl", "loss");

    private static final String METHOD = "method";

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
        List<JsonNode> methods = methods();
        List<SampleRow> samples = samples();
        List<String> accuracies = accuracies();
        double seconds = stages.stream().mapToDouble(StageResult::seconds).sum();
        directory.writeSummary(summary(methods, seconds));
        Path page = directory.path().resolve(OutputPlace.FINISHED);
        String told = String.format(Locale.ROOT, "%s: %d stages in %.0f s", recipe.name(), stages.size(), seconds);
        String sentence = String.join(". ", concat(told, accuracies)) + ".";
        new ReportPage(report(sentence, tables(methods, MethodResult::chapter), methods, samples)).write(page);
        for (Chapter table : tables(methods, MethodResult::printed)) {
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

    private boolean bySeeds() {
        return recipe.shape().seeds().exist();
    }

    /** Methods over seeds, or else by round and apart from rounds. */
    private List<Chapter> tables(List<JsonNode> methods, Function<List<MethodResult>, Chapter> table) {
        if (bySeeds()) {
            return List.of(SeedResults.of(methods).chapter());
        }
        MeasuredRounds rounds = rounds(methods);
        return List.of(
                rounds.chapter().chapter(table),
                table.apply(rounds.others().stream().map(MethodResult::ofRow).toList()));
    }

    private static MeasuredRounds rounds(List<JsonNode> methods) {
        Map<String, JsonNode> named = new LinkedHashMap<>();
        methods.forEach(row -> named.put(row.path(METHOD).asText(), row));
        return new MeasuredRounds(named);
    }

    private List<String> accuracies() {
        return bySeeds()
                ? SeedResults.accuracies(stages)
                : stages.stream()
                        .map(StageResult::accuracy)
                        .filter(line -> !line.isEmpty())
                        .toList();
    }

    /** Prompts with the answers of all methods that several evaluations measured. */
    private List<SampleRow> samples() {
        List<StageValue<String>> all = new ArrayList<>();
        for (StageResult stage : stages) {
            String name = stage.stage().id().own();
            for (SampleRow row : stage.samples()) {
                row.answers()
                        .forEach(answer ->
                                all.add(new StageValue<>(name, row.prompt(), answer.method(), answer.text())));
            }
        }
        Map<String, List<MethodAnswer>> prompts = new LinkedHashMap<>();
        StageValue.distinct(all)
                .forEach(answer -> prompts.computeIfAbsent(answer.place(), prompt -> new ArrayList<>())
                        .add(new MethodAnswer(answer.method(), answer.value())));
        return prompts.entrySet().stream()
                .map(row -> new SampleRow(row.getKey(), row.getValue()))
                .toList();
    }

    /** The rows of all evaluations; equal ones of one seed with the same name, such as the start's, once. */
    private List<JsonNode> methods() {
        List<StageValue<ObjectNode>> all = new ArrayList<>();
        for (StageResult stage : stages) {
            StageName id = stage.stage().id();
            for (JsonNode each : stage.methods()) {
                ObjectNode row = each.deepCopy();
                if (id.seed() != null) {
                    row.put(StagesReader.SEED, id.seed());
                }
                all.add(new StageValue<>(
                        id.own(), String.valueOf(id.seed()), row.path(METHOD).asText(), row));
            }
        }
        return StageValue.distinct(all).stream()
                .<JsonNode>map(each -> each.value().put(METHOD, each.method()))
                .toList();
    }

    private Map<String, @Nullable Object> summary(List<JsonNode> methods, double seconds) {
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
        summary.put("methods", methods);
        if (bySeeds()) {
            summary.put("seeds", SeedResults.of(methods).rows());
        } else if (recipe.shape().rounds().exist()) {
            summary.put("rounds", rounds(methods).rows());
        }
        return summary;
    }

    private ReportModel report(String sentence, List<Chapter> tables, List<JsonNode> methods, List<SampleRow> samples) {
        Frontier frontier = new Frontier();
        if (bySeeds()) {
            frontier.means(MethodSeeds.of(methods));
        } else {
            frontier.ends(methods.stream().map(MethodResult::ofRow).toList());
        }
        sameStages().forEach(frontier::way);
        List<StageRow> rows = stages.stream()
                .map(stage -> new StageRow(
                        stage.stage().name(), stage.stage().kind().command() + ": " + stage.figures(), stage.seconds()))
                .toList();
        List<Chapter> chapters = new ArrayList<>(tables);
        chapters.add(Chapter.of("Reward against KL", List.of(frontier.curve())));
        chapters.add(new Chapter("Learning curves", curves(), List.of(), List.of(), bySeeds() ? SeedCurve.NOTE : ""));
        return new ReportModel(
                "Preceptor " + recipe.name(),
                sentence,
                chapters,
                samples,
                rows,
                List.of(),
                new RecipeText(recipe).yaml());
    }

    /** Stages by their names without seeds: one each, or one for every seed. */
    private Map<String, List<RecipeStage<?>>> sameStages() {
        Map<String, List<RecipeStage<?>>> same = new LinkedHashMap<>();
        recipe.stages()
                .forEach(stage -> same.computeIfAbsent(stage.id().withRound(), name -> new ArrayList<>())
                        .add(stage));
        return same;
    }

    /** A picture for every stage that learnt, with a line for each of its rounds. */
    private List<Curve> curves() {
        Map<String, List<Line>> lines = new LinkedHashMap<>();
        for (List<RecipeStage<?>> same : sameStages().values()) {
            StageName id = same.get(0).id();
            List<Map<String, List<Point>>> columns =
                    same.stream().map(RecipeStage::columns).toList();
            CURVES.stream()
                    .filter(columns.get(0)::containsKey)
                    .findFirst()
                    .ifPresent(metric -> lines.computeIfAbsent(id.own() + ": " + metric, title -> new ArrayList<>())
                            .add(new Line(
                                    id.round() == 0 ? metric : StageName.ROUND + id.round(),
                                    SeedCurve.of(columns.stream()
                                            .map(each -> each.getOrDefault(metric, List.of()))
                                            .toList()),
                                    Spread.BAND)));
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
