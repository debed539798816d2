package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.served.http.ReplyParser.Reading;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A call for log-probabilities of given tokens: they are the prompt of {@code /completions}, and one more is written. */
sealed interface TokensCall extends TeacherCall permits TokenScoringRequest, TopTokensRequest {
    /** The field that the server must know. */
    String FIELD = "prompt_logprobs";

    /** The tokens. */
    int[] ids();

    /** How many of the most probable tokens are asked for at each place. */
    int alternatives();

    @Override
    default String path() {
        return "/completions";
    }

    @Override
    default String body(String model) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        ArrayNode prompt = body.putArray("prompt");
        for (int id : ids()) {
            prompt.add(id);
        }
        return body.put("max_tokens", 1)
                .put("temperature", 1)
                .put(FIELD, alternatives())
                .toString();
    }

    @Override
    default int promptTokens() {
        return ids().length;
    }

    @Override
    default int mostPromptTokens() {
        return ids().length;
    }

    @Override
    default int maxTokens() {
        return 1;
    }

    /** What is wrong with the list of places of a reply; null if there is one for each token. */
    static @Nullable Reading problem(JsonNode places, int tokens) {
        String expected = "expected choices[0]." + FIELD + " to be a list of " + tokens + " entries, found ";
        if (places.isMissingNode() || places.isNull()) {
            return Reading.denied(expected + "none: this server does not give log-probabilities of prompts");
        }
        return places.isArray() && places.size() == tokens
                ? null
                : Reading.malformed(
                        expected + (places.isArray() ? String.valueOf(places.size()) : places.getNodeType()));
    }
}
