package ai.preceptor.serve.request;

import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.generate.Stops;
import ai.preceptor.lm.generate.TokenRules;
import ai.preceptor.serve.request.OpenAiBodyReader.Model;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sampling settings of a request. Names and ranges are OpenAI's, and vLLM's for what OpenAI does not have.
 *
 * @param standardTokens tokens of an answer where a chat does not say
 * @param seeds where requests without a seed get one
 */
record SamplingReader(Model model, int standardTokens, LongSupplier seeds) {
    private static final int MOST_STOPS = 16;
    /** Each is looked for in every answer of the request. */
    private static final int LONGEST_STOP = 1000;

    private static final String BIAS = "[-100, 100]";

    /**
     * What was asked, before the prompt's length is known.
     *
     * @param options with 1 as the number of tokens
     * @param asked tokens, and the name by which they were asked for; null where the request does not say
     * @param standard tokens then, as far as there is room
     * @param context of the model
     */
    record Plan(SamplingOptions options, @Nullable Asked asked, int standard, int context) {

        /** So many tokens by that name. */
        record Asked(String field, int tokens) {}

        Plan standard(int tokens) {
            return new Plan(options, asked, tokens, context);
        }

        /**
         * With a prompt of this length.
         *
         * @param field that holds the prompt
         * @throws ApiException if what was asked does not fit in the context
         */
        SamplingOptions within(int promptTokens, String field) {
            int room = context - promptTokens;
            if (asked != null && asked.tokens() > room) {
                throw ApiException.tooLong(
                        asked.field(),
                        "expected at most " + room + ", what the model's context of " + context + " leaves after the "
                                + promptTokens + " tokens of " + field + ", found " + asked.tokens());
            }
            int tokens = asked == null ? Math.min(standard, room) : asked.tokens();
            int least = options.settings().minNewTokens();
            if (least > tokens) {
                throw ApiException.field("min_tokens", "expected at most max_tokens, " + tokens + ", found " + least);
            }
            return options.with(options.settings().but().maxNewTokens(tokens).build());
        }
    }

    /** @param chat whether {@code max_completion_tokens} is a name for {@code max_tokens} */
    Plan read(Fields fields, boolean chat) {
        Plan.Asked asked = tokens(fields, "max_tokens");
        Plan.Asked newer = chat ? tokens(fields, "max_completion_tokens") : null;
        if (asked != null && newer != null && asked.tokens() != newer.tokens()) {
            throw ApiException.field(
                    "max_completion_tokens",
                    "expected the same as max_tokens, " + asked.tokens() + ", or one of the two, found "
                            + newer.tokens());
        }
        int topK = fields.whole("top_k", 0, -1, Integer.MAX_VALUE);
        Long seed = fields.any("seed");
        int least = fields.whole("min_tokens", 0, 0, model.context());
        SamplingSettings settings = SamplingSettings.builder()
                .maxNewTokens(Math.max(1, least))
                .temperature(fields.number("temperature", 1, "[0, 2]"))
                .topP(fields.number("top_p", 1, "(0, 1]"))
                .topK(Math.max(0, topK))
                .minP(fields.number("min_p", 0, "[0, 1]"))
                .repetitionPenalty(fields.number("repetition_penalty", 1, "(0, inf)"))
                .presencePenalty(fields.number("presence_penalty", 0, "[-2, 2]"))
                .frequencyPenalty(fields.number("frequency_penalty", 0, "[-2, 2]"))
                .minNewTokens(least)
                .build();
        TokenRules rules = new TokenRules(bias(fields), allowed(fields));
        Stops stops = new Stops(
                fields.ids("stop_token_ids", model.vocabulary()), fields.texts("stop", MOST_STOPS, LONGEST_STOP));
        SamplingOptions options = new SamplingOptions(settings, seed == null ? seeds.getAsLong() : seed, rules, stops);
        return new Plan(options, newer == null ? asked : newer, standardTokens, model.context());
    }

    private static Plan.@Nullable Asked tokens(Fields fields, String name) {
        int tokens = fields.whole(name, 0, 1, Integer.MAX_VALUE);
        return tokens == 0 ? null : new Plan.Asked(name, tokens);
    }

    private @Nullable Set<Integer> allowed(Fields fields) {
        JsonNode given = fields.find("allowed_token_ids");
        Set<Integer> ids = fields.ids("allowed_token_ids", model.vocabulary());
        if (given != null && ids.isEmpty()) {
            throw ApiException.value("allowed_token_ids", "at least one token id", given);
        }
        return given == null ? null : ids;
    }

    private Map<Integer, Double> bias(Fields fields) {
        JsonNode given = fields.find("logit_bias");
        if (given != null && !given.isObject()) {
            throw ApiException.value("logit_bias", "an object of token ids and numbers in " + BIAS, given);
        }
        Map<Integer, Double> bias = new LinkedHashMap<>();
        if (given != null) {
            given.properties().forEach(one -> {
                String id = one.getKey();
                if (!id.matches("[0-9]{1,9}") || Integer.parseInt(id) >= model.vocabulary()) {
                    throw ApiException.field(
                            "logit_bias",
                            "expected token ids in [0, " + (model.vocabulary() - 1) + "], found \"" + id + "\"");
                }
                bias.put(Integer.valueOf(id), Fields.number("logit_bias." + id, one.getValue(), BIAS));
            });
        }
        return bias;
    }
}
