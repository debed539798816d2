package ai.preceptor.serve.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * OpenAI's fields that the server does not support: those without effect here are ignored; those that would change the
 * answer are refused unless they have their neutral value.
 */
final class Unsupported {
    private static final Set<String> MEANINGLESS = Set.of(
            "user",
            "metadata",
            "store",
            "service_tier",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prediction",
            "parallel_tool_calls",
            "request_id");

    /** What may be said of a field, in words and as a test. */
    private record Rule(String expected, Predicate<JsonNode> accepted) {}

    private static final Rule LEFT_OUT = new Rule("nothing", value -> false);

    private static final Map<String, Rule> COMMON = Map.of(
            "echo", is("false"),
            "ignore_eos", is("false"),
            "skip_special_tokens", is("true"),
            "use_beam_search", is("false"));

    /** Of chats. */
    static final Unsupported CHAT = new Unsupported(
            Map.of(
                    "response_format",
                    new Rule(
                            "{\"type\": \"text\"}",
                            value -> value.path("type").asText().equals("text")),
                    "modalities",
                    new Rule(
                            "[\"text\"]",
                            value -> value.size() == 1 && value.path(0).asText().equals("text")),
                    "tool_choice",
                    new Rule(
                            "\"auto\" or \"none\"",
                            value -> Set.of("auto", "none").contains(value.asText()))),
            "functions",
            "function_call",
            "audio",
            "web_search_options",
            "reasoning_effort",
            "verbosity",
            "best_of",
            "prompt_logprobs");

    /** Of completions. */
    static final Unsupported COMPLETION = new Unsupported(Map.of(
            "suffix",
            new Rule("\"\"", value -> value.asText("x").isEmpty()),
            "response_format",
            CHAT.rules.getOrDefault("response_format", LEFT_OUT)));

    private final Map<String, Rule> rules;

    /** @param leftOut what must not be given at all */
    private Unsupported(Map<String, Rule> own, String... leftOut) {
        this.rules = new LinkedHashMap<>(COMMON);
        rules.putAll(own);
        for (String name : leftOut) {
            rules.put(name, LEFT_OUT);
        }
    }

    private static Rule is(String only) {
        return new Rule(only, value -> value.toString().equals(only));
    }

    /** @throws ApiException naming a field that would change the answer */
    void check(Fields fields, int samples) {
        fields.ignore(MEANINGLESS);
        rules.forEach((name, rule) -> {
            JsonNode value = fields.find(name);
            if (value != null && !rule.accepted().test(value)) {
                throw ApiException.unsupported(
                        name,
                        "expected " + rule.expected() + ", the only value that this server supports, found "
                                + (value.isContainerNode() ? "another value" : value));
            }
        });
        if (!rules.containsKey("best_of")) {
            int best = fields.whole("best_of", samples, 1, Integer.MAX_VALUE);
            if (best != samples) {
                throw ApiException.unsupported(
                        "best_of", "expected n, " + samples + ", since answers are not ranked, found " + best);
            }
        }
    }
}
