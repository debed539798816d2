package ai.preceptor.teacher.served.client;

import ai.preceptor.data.Message;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.served.http.ReplyParser.Reading;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has a server continue a conversation.
 *
 * @param request what it is asked
 */
public record ChatCall(ChatRequest request) implements ConversationCall {
    @Override
    public List<Message> messages() {
        return request.messages();
    }

    @Override
    public String body(String model) {
        ChatSampling sampling = request.sampling();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("temperature", sampling.temperature());
        fields.put("max_tokens", sampling.maxTokens());
        if (sampling.seed() != null) {
            fields.put("seed", sampling.seed());
        }
        return new ChatBody(messages()).json(model, fields);
    }

    @Override
    public int maxTokens() {
        return request.sampling().maxTokens();
    }

    @Override
    public Reading read(JsonNode choice, String finish) {
        JsonNode content = choice.path("message").path("content");
        return content.isTextual()
                ? Reading.of(content.textValue())
                : Reading.malformed("expected choices[0].message.content to be text, found " + content.getNodeType()
                        + (finish.equals("length") ? " at the limit of tokens" : ""));
    }
}
