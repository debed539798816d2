package ai.preceptor.teacher.served.client;

import ai.preceptor.data.Message;
import ai.preceptor.teacher.chat.LabelReading;
import ai.preceptor.teacher.chat.LabelRequest;
import ai.preceptor.teacher.served.http.ReplyParser.Reading;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for its most probable first tokens, among which labels are looked for. What is kept of the reply is JSON:
 * {@code {"tokens": [text, ...], "logprobs": [number, ...]}}, the alternatives of the first token.
 *
 * @param request the labels and what they would answer
 */
public record LabelCall(LabelRequest request) implements ConversationCall {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Alternatives that are asked for: the most that OpenAI's interface allows. */
    private static final int ALTERNATIVES = 20;

    private static final String TOKENS = "tokens";
    private static final String LOGPROBS = "logprobs";

    /** What OpenAI and vLLM write for minus infinity. */
    private static final double NO_PROBABILITY = -9999;

    /** Rounding of servers may bring a log-probability above 0 by so much. */
    private static final double ROUNDING = 1e-3;

    @Override
    public List<Message> messages() {
        return request.messages();
    }

    @Override
    public String body(String model) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("temperature", 0);
        fields.put("max_tokens", 1);
        fields.put("logprobs", true);
        fields.put("top_logprobs", ALTERNATIVES);
        return new ChatBody(messages()).json(model, fields);
    }

    @Override
    public int maxTokens() {
        return 1;
    }

    @Override
    public Reading read(JsonNode choice, String finish) {
        JsonNode given = choice.path(LOGPROBS);
        String expected = "expected choices[0].logprobs.content[0].top_logprobs to be a list, found ";
        if (given.isMissingNode() || given.isNull()) {
            return Reading.denied(expected + "no logprobs: this server does not give them");
        }
        JsonNode first = given.path("content").path(0).path("top_logprobs");
        if (!first.isArray() || first.isEmpty()) {
            return Reading.malformed(expected + (first.isArray() ? "an empty one" : first.getNodeType()));
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        ArrayNode tokens = kept.putArray(TOKENS);
        ArrayNode logprobs = kept.putArray(LOGPROBS);
        for (JsonNode one : first) {
            JsonNode logprob = one.path("logprob");
            if (!one.path("token").isTextual()
                    || !logprob.isNumber()
                    || !(logprob.doubleValue() <= ROUNDING)
                    || tokens.size() == ALTERNATIVES) {
                return Reading.malformed("expected at most " + ALTERNATIVES
                        + " top_logprobs, each a token with a log-probability of 0 or less, found another");
            }
            tokens.add(one.path("token").textValue());
            logprobs.add(logprob.doubleValue());
        }
        return Reading.of(kept.toString());
    }

    /**
     * Finds the labels in what was kept of a reply.
     *
     * @param kept our own JSON, from the reply or the ledger
     */
    LabelReading reading(String kept) {
        JsonNode root;
        try {
            root = JSON.readTree(kept);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("kept text of a call for labels is not JSON", e);
        }
        Map<String, Double> found = new LinkedHashMap<>();
        for (int i = 0; i < root.path(TOKENS).size(); i++) {
            found.putIfAbsent(
                    root.path(TOKENS).path(i).asText(),
                    root.path(LOGPROBS).path(i).asDouble());
        }
        List<Double> own = new ArrayList<>();
        for (String label : request.labels()) {
            Double logprob = found.get(label);
            if (logprob == null) {
                return LabelReading.absent(
                        "reply: \"" + label + "\" is not among the " + found.size() + " most probable first tokens");
            }
            own.add(logprob <= NO_PROBABILITY ? Double.NEGATIVE_INFINITY : logprob);
        }
        return LabelReading.of(own);
    }
}
