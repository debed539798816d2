package ai.preceptor.cli.recipe;

import ai.preceptor.cli.report.SampleRow;
import ai.preceptor.cli.report.SampleRow.MethodAnswer;
import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.JsonlReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a finished stage left in its directory.
 *
 * @param stage which
 * @param seconds it took
 * @param summary its {@code summary.json}
 */
record StageResult(RecipeStage<?> stage, double seconds, JsonNode summary) {
    /** Figures that tell how a stage went, the most telling first; a stage shows those that it has. */
    private static final List<String> TELLING = List.of(
            "preferences",
            "rows/kept",
            "rows",
            "eval_accuracy",
            "reward",
            "objective/kl",
            "eval_rewards/accuracies",
            "rewards/accuracies",
            "eval_loss",
            "train_loss",
            "steps");

    private static final int MOST_FIGURES = 3;

    /**
     * Reads it.
     *
     * @throws DataException when the stage left no summary, or one that cannot be read
     */
    static StageResult of(RecipeStage<?> stage, double seconds) {
        Path file = stage.directory().resolve("summary.json");
        try {
            return new StageResult(stage, seconds, new ObjectMapper().readTree(file.toFile()));
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** One row a method that the stage measured, the start first; none when it measures no methods. */
    List<JsonNode> methods() {
        List<JsonNode> rows = new ArrayList<>();
        summary.path("methods").forEach(rows::add);
        return rows;
    }

    /** Prompts with what each method answered, from an evaluation's {@code samples.jsonl}. */
    List<SampleRow> samples() {
        Path file = stage.directory().resolve("samples.jsonl");
        List<SampleRow> samples = new ArrayList<>();
        if (methods().isEmpty() || !Files.exists(file)) {
            return samples;
        }
        for (JsonNode row : JsonlReader.committedRows(file)) {
            List<MethodAnswer> answers = new ArrayList<>();
            row.path("answers")
                    .properties()
                    .forEach(answer -> answers.add(
                            new MethodAnswer(answer.getKey(), answer.getValue().asText())));
            samples.add(new SampleRow(row.path("prompt").asText(), answers));
        }
        return samples;
    }

    /** The figures that matter, in one line. */
    String figures() {
        List<String> figures = new ArrayList<>();
        for (String key : TELLING) {
            JsonNode value = summary.has(key)
                    ? summary.path(key)
                    : summary.path("last_step").path(key);
            // The loss of policy optimization is near 0 whatever is learnt.
            boolean says =
                    !key.equals("train_loss") || !summary.path("last_step").has("reward");
            if (says && value.isNumber() && figures.size() < MOST_FIGURES) {
                String shown = value.isIntegralNumber()
                        ? value.asText()
                        : String.format(Locale.ROOT, "%.4f", value.doubleValue());
                figures.add(key + " " + shown);
            }
        }
        methods().stream().map(row -> row.path("method").asText()).forEach(figures::add);
        return String.join(", ", figures);
    }

    /** What a reward model was measured on: pairs, or the steps of answers. */
    String measured() {
        return summary.has("eval_steps") ? "steps" : "pairs";
    }

    /** Keys of the accuracy of a reward model; empty when it was not measured. */
    List<String> accuracyKeys() {
        return summary.has("eval_accuracy_low")
                ? List.of("eval_accuracy", "eval_accuracy_low", "eval_accuracy_high", "eval_" + measured())
                : List.of();
    }

    /** How well a reward model agrees with labels that it did not learn from; empty when that was not measured. */
    String accuracy() {
        if (accuracyKeys().isEmpty()) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "%s: accuracy %.1f %% on %d held-out %s (95 %% interval %.1f to %.1f)",
                stage.name(),
                100 * summary.path("eval_accuracy").doubleValue(),
                summary.path("eval_" + measured()).intValue(),
                measured(),
                100 * summary.path("eval_accuracy_low").doubleValue(),
                100 * summary.path("eval_accuracy_high").doubleValue());
    }
}
