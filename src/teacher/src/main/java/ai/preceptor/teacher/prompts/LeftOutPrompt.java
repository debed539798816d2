package ai.preceptor.teacher.prompts;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A prompt that was left out.
 *
 * @param made the prompt; its text is empty where the reply has none
 * @param outcome why
 * @param detail of this one
 */
public record LeftOutPrompt(MadePrompt made, PromptOutcome outcome, String detail) {
    /** As a line of {@code dropped.jsonl}. */
    public Map<String, Object> toRow() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("reason", outcome.label());
        row.put("detail", detail);
        row.put("prompt", made.text());
        row.putAll(made.origin());
        return row;
    }
}
