package ai.preceptor.rollout.message;

import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
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
        row.put("prompt", text(prompt.text()));
        row.put("stage", stage);
        row.put("cause", cause.toString());
        return row;
    }

    /** As in TRL's formats: a string, or a list of messages. */
    private static Object text(Text text) {
        if (text instanceof Text.Chat chat) {
            return chat.messages().stream().map(Message::toMap).toList();
        }
        return text.asString();
    }
}
