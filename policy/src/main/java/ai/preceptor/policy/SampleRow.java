package ai.preceptor.policy;

import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.rows.RecordedAnswers;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code samples.jsonl}. An answer without a score has {@code "score": null} and says why in {@code problem}; what each
 * of several scorers gave is in {@code score_parts}. {@code Datasets.recordedAnswers} reads it back.
 *
 * @param step the first optimizer step that may learn from it, 1-based
 * @param experience the sample with its advantages
 * @param used whether it is learnt from
 */
record SampleRow(int step, Experience experience, boolean used) {

    Map<String, @Nullable Object> toRow() {
        Trajectory trajectory = experience.trajectory();
        double kl = experience.divergence();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("step", step);
        row.put("policy_version", trajectory.policyVersion());
        row.put("group", trajectory.group());
        row.put("prompt", trajectory.prompt().text().toJson());
        row.put("completion", trajectory.completion().text());
        row.put("tokens", trajectory.completion().length());
        row.put("finish_reason", trajectory.completion().finishReason().name().toLowerCase(Locale.ROOT));
        row.put("score", trajectory.score().isScored() ? trajectory.score().value() : null);
        if (!trajectory.score().parts().isEmpty()) {
            row.put("score_parts", parts(trajectory.score()));
        }
        row.put("problem", trajectory.score().problem());
        row.put("advantage", used ? experience.meanAdvantage() : null);
        row.put("kl", Double.isNaN(kl) ? null : kl);
        row.putAll(RecordedAnswers.tokens(trajectory.completion()));
        if (!trajectory.prompt().columns().isEmpty()) {
            row.put("columns", trajectory.prompt().columns());
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
