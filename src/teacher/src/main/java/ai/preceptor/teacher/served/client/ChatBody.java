package ai.preceptor.teacher.served.client;

import ai.preceptor.data.Message;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of a call of {@code /chat/completions}.
 *
 * @param messages what is sent
 */
record ChatBody(List<Message> messages) {
    static final String PATH = "/chat/completions";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Tokens that a chat template adds to a message, at most. */
    private static final int TOKENS_PER_MESSAGE = 16;

    /** Bytes that a token has, at least, on average: a careful guess before the server has counted. */
    private static final int BYTES_PER_TOKEN = 2;

    /** The body of a call, with the other fields after model and messages. */
    String json(String model, Map<String, @Nullable Object> fields) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("model", model);
        body.put("messages", messages.stream().map(Message::toMap).toList());
        body.putAll(fields);
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request that cannot be written as JSON", e);
        }
    }

    int promptTokens() {
        return bounded(bytes() / BYTES_PER_TOKEN + templateTokens());
    }

    /** A token is a byte at least. */
    int mostPromptTokens() {
        return bounded(bytes() + templateTokens());
    }

    private static int bounded(long tokens) {
        return (int) Math.min(Integer.MAX_VALUE / 2, tokens);
    }

    private long bytes() {
        long bytes = 0;
        for (Message message : messages) {
            bytes += message.toMap().toString().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    private long templateTokens() {
        return (long) TOKENS_PER_MESSAGE * messages.size();
    }
}
