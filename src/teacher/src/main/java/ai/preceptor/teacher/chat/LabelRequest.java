package ai.preceptor.teacher.chat;

import ai.preceptor.data.Message;
import java.util.HashSet;
import java.util.List;

/**
 * Asks for the probability of each of some words as the first token of a reply.
 *
 * @param messages the conversation that the reply would continue; at least one
 * @param labels the words, at least two, each one token of the model and all different
 */
public record LabelRequest(List<Message> messages, List<String> labels) {
    /** @throws IllegalArgumentException if there is no message, or fewer than two different labels */
    public LabelRequest {
        messages = List.copyOf(messages);
        labels = List.copyOf(labels);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages: expected at least 1, received none");
        }
        if (labels.size() < 2 || new HashSet<>(labels).size() < labels.size()) {
            throw new IllegalArgumentException("labels: expected 2 or more that differ, received " + labels);
        }
    }
}
