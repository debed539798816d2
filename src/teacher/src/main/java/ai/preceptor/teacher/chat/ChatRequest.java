package ai.preceptor.teacher.chat;

import ai.preceptor.data.Message;
import java.util.List;

/**
 * A question to a {@link ChatModel}.
 *
 * @param messages the conversation that the model continues; at least one
 * @param sampling how it writes
 */
public record ChatRequest(List<Message> messages, ChatSampling sampling) {
    /** @throws IllegalArgumentException if there is no message */
    public ChatRequest {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages: expected at least 1, received none");
        }
    }
}
