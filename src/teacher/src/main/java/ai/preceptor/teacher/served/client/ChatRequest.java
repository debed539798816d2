package ai.preceptor.teacher.served.client;

import ai.preceptor.data.Message;
import ai.preceptor.teacher.served.http.ReplyParser.Reading;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A question to a served teacher.
 *
 * @param messages the conversation that the teacher continues; at least one
 * @param sampling how it writes
 */
public record ChatRequest(List<Message> messages, ChatSampling sampling) implements TeacherCall {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Tokens that a chat template adds to a message, at most. */
    private static final int TOKENS_PER_MESSAGE = 16;

    /** Bytes that a token has, at least, on average: a careful guess before the server has counted. */
    private static final int BYTES_PER_TOKEN = 2;

    /** Copies the messages. */
    public ChatRequest {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages: expected at least 1, received none");
        }
    }

    @Override
    public String path() {
        return "/chat/completions";
    }

    @Override
    public int maxTokens() {
        return sampling.maxTokens();
    }

    @Override
    public Reading read(JsonNode choice, String finish) {
        JsonNode content = choice.path("message").path("content");
        return content.isTextual()
                ? Reading.of(content.textValue())
                : Reading.malformed("expected choices[0].message.content to be text, found " + content.getNodeType()
                        + (finish.equals("length") ? " at the limit of tokens" : ""));
    }

    @Override
    public String body(String model) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("model", model);
        body.put("messages", messages.stream().map(Message::toMap).toList());
        body.put("temperature", sampling.temperature());
        body.put("max_tokens", sampling.maxTokens());
        if (sampling.seed() != null) {
            body.put("seed", sampling.seed());
        }
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request that cannot be written as JSON", e);
        }
    }

    @Override
    public int promptTokens() {
        return bounded(bytes() / BYTES_PER_TOKEN + templateTokens());
    }

    /** A token is a byte at least. */
    @Override
    public int mostPromptTokens() {
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
