package ai.preceptor.cli.recipe;

import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.cli.report.RoundsChapter;
import ai.preceptor.cli.report.RoundsChapter.RoundResult;
import ai.preceptor.eval.EvalReport;
import ai.preceptor.evaluation.StudentEvaluation;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The methods among those measured that rounds of a recipe have trained, by their names: {@code round-2/dpo}, or {@code
 * STAGE: round-2/dpo}.
 */
final class MeasuredRounds {
    private static final Pattern NAME =
            Pattern.compile("(.+" + StageValue.SEPARATOR + ")?" + StageName.ROUND + "([1-9][0-9]*)/(.+)");
    /** Figures of a round in {@code summary.json}; the names are those of an evaluation. */
    private static final List<String> FIGURES = List.of(
            "win_rate",
            "win_rate_low",
            "win_rate_high",
            "judge/disagreement",
            "teacher_score",
            "teacher_score_low",
            "teacher_score_high",
            "teacher_score_difference",
            "teacher_score_difference_low",
            "teacher_score_difference_high",
            "kl_to_reference",
            "reward",
            "reward_low",
            "reward_high",
            "reward_difference",
            "reward_difference_low",
            "reward_difference_high",
            "rule_score",
            "rule_score_low",
            "rule_score_high",
            "completions/mean_length",
            "seconds");

    private final List<Measured> rounds = new ArrayList<>();
    private final Map<String, JsonNode> others = new LinkedHashMap<>();

    private record Measured(int round, String name, JsonNode row) {}

    /** @param methods rows of evaluations by the method's name */
    MeasuredRounds(Map<String, JsonNode> methods) {
        methods.forEach((name, row) -> {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                String stage = Objects.requireNonNullElse(matcher.group(1), "");
                rounds.add(new Measured(Integer.parseInt(matcher.group(2)), stage + matcher.group(3), row));
            } else {
                others.put(name, row);
            }
        });
        rounds.sort(Comparator.comparingInt(Measured::round));
    }

    /** The rows of all methods but these, with the start; none if there are only the start and rounds. */
    List<JsonNode> others() {
        boolean startAlone = !rounds.isEmpty() && others.keySet().stream().allMatch(MeasuredRounds::isStart);
        return startAlone ? List.of() : List.copyOf(others.values());
    }

    private static boolean isStart(String method) {
        return method.equals(StudentEvaluation.START)
                || method.endsWith(StageValue.SEPARATOR + StudentEvaluation.START);
    }

    /** For the report. */
    RoundsChapter chapter() {
        return new RoundsChapter(
                others.entrySet().stream()
                        .filter(other -> !rounds.isEmpty() && isStart(other.getKey()))
                        .map(start -> MethodResult.ofRow(start.getValue()))
                        .toList(),
                rounds.stream()
                        .map(each -> new RoundResult(each.round(), each.name(), MethodResult.ofRow(each.row())))
                        .toList());
    }

    /** For {@code summary.json}: one row a round and method. */
    List<Map<String, @Nullable Object>> rows() {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Measured each : rounds) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("round", each.round());
            row.put("method", each.name());
            FIGURES.forEach(figure -> row.put(figure, each.row().path(figure)));
            each.row().properties().stream()
                    .filter(figure -> figure.getKey().startsWith(EvalReport.RULES))
                    .forEach(figure -> row.put(figure.getKey(), figure.getValue()));
            rows.add(row);
        }
        return rows;
    }
}
