package ai.preceptor.train.sampling;

import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.rows.RecordedAnswers;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code samples.jsonl}. An answer without a score has {@code "score": null} and says why in {@code problem}; what each
 * of several scorers gave is in {@code score_parts}, scores of tokens in {@code token_scores}, what a judge wrote in
 * {@code critique}. {@code Datasets.recordedAnswers} reads it back.
 *
 * @param step the first optimizer step that may learn from it, 1-based
 * @param sample the answer
 * @param learnt what the method tells about it
 */
public record SampleLine(int step, Trajectory sample, Map<String, @Nullable Object> learnt) {

    /** The fields in their order. */
    public Map<String, @Nullable Object> toRow() {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("step", step);
        row.put("policy_version", sample.policyVersion());
        row.put("group", sample.group());
        row.put("prompt", sample.prompt().text().toJson());
        row.put("completion", sample.completion().text());
        row.put("tokens", sample.completion().length());
        row.put("finish_reason", sample.completion().finishReason().name().toLowerCase(Locale.ROOT));
        row.put("score", sample.score().isScored() ? sample.score().value() : null);
        if (!sample.score().parts().isEmpty()) {
            row.put("score_parts", parts(sample.score()));
        }
        if (!sample.score().tokenScores().isEmpty()) {
            row.put("token_scores", RecordedAnswers.tokenScores(sample.score()));
        }
        row.put("problem", sample.score().problem());
        if (sample.score().critique() != null) {
            row.put("critique", sample.score().critique());
        }
        row.putAll(learnt);
        row.putAll(RecordedAnswers.tokens(sample.completion()));
        if (!sample.prompt().columns().isEmpty()) {
            row.put("columns", sample.prompt().columns());
        }
        return row;
    }

    /** What each of several scorers gave, by name; null where it gave none. */
    private static Map<String, @Nullable Double> parts(Score score) {
        Map<String, @Nullable Double> parts = new LinkedHashMap<>();
        score.parts().forEach(part -> parts.put(part.name(), Double.isNaN(part.value()) ? null : part.value()));
        return parts;
    }
}
