package ai.preceptor.data.rows;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.Score;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prompt with answers that were sampled before, by this program or another engine, and their scores where they have been
 * scored.
 *
 * @param prompt what was asked
 * @param completions the answers, at least one, with the log-probabilities of what sampled them; copied
 * @param scores one per answer, unscored where it has none; null if the answers have not been scored; copied
 */
public record RecordedAnswers(
        Prompt prompt,
        List<Completion> completions,
        @Nullable List<Score> scores) implements Prompted {

    /** @throws IllegalArgumentException if there is no answer, or not as many scores as answers */
    public RecordedAnswers {
        completions = List.copyOf(completions);
        if (completions.isEmpty()) {
            throw new IllegalArgumentException("completions: expected at least 1, received none");
        }
        if (scores != null) {
            scores = List.copyOf(scores);
            if (scores.size() != completions.size()) {
                throw new IllegalArgumentException(
                        "scores: expected one per answer (" + completions.size() + "), received " + scores.size());
            }
        }
    }

    /**
     * An answer as {@code generate} writes it and {@link Datasets#recordedAnswers} reads it: {@code text}, {@code
     * token_ids}, {@code logprobs}, {@code sampling_logprobs} where they differ from those, {@code finish_reason}.
     */
    public static Map<String, Object> toRow(Completion completion) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(RecordedRow.TEXT, completion.text());
        row.put(RecordedRow.TOKEN_IDS, completion.tokenIds());
        row.put(RecordedRow.LOGPROBS, completion.logprobs());
        if (!Arrays.equals(completion.logprobs(), completion.samplerLogprobs())) {
            row.put(RecordedRow.SAMPLING_LOGPROBS, completion.samplerLogprobs());
        }
        row.put(RecordedRow.FINISH_REASON, completion.finishReason().name().toLowerCase(Locale.ROOT));
        return row;
    }
}
