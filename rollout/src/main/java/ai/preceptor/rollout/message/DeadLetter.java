package ai.preceptor.rollout.message;

import ai.preceptor.data.Prompt;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A prompt that was set aside because no answer could be sampled. The learner gets the next prompt in its place.
 *
 * @param index its position in the run
 * @param prompt what was asked
 * @param stage where it failed: {@code feed} (it could not be encoded) or {@code generate}
 * @param cause the first failure of this prompt
 */
public record DeadLetter(long index, Prompt prompt, String stage, Throwable cause) {

    /** A row for {@code dead-letters.jsonl}: {@code index}, {@code prompt}, {@code stage}, {@code cause}. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("index", index);
        row.put("prompt", prompt.text().toJson());
        row.put("stage", stage);
        row.put("cause", cause.toString());
        return row;
    }
}
