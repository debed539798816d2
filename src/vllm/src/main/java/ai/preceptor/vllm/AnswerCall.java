package ai.preceptor.vllm;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.message.WrongAnswerException;
import ai.preceptor.teacher.chat.ChatReply;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/**
 * One answer to one prompt. All numbers of sampling are sent, since those that are not come from the model's {@code
 * generation_config.json}.
 *
 * @param prompt index of the prompt among those asked together
 * @param sample number of the answer to it
 * @param asked the prompt
 * @param seed of this answer, 0 or more
 */
record AnswerCall(int prompt, int sample, EncodedPrompt asked, long seed, SamplingTerms terms) {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** Above 0 by less than this is rounding. */
    private static final double ROUNDING = 1e-6;

    /** An answer that depends on the run's seed, the prompt's place in the run, and its own number. */
    static AnswerCall of(int prompt, int sample, EncodedPrompt asked, long seedBase, SamplingTerms terms) {
        long seed = EncodedPrompt.mix(asked.seed(seedBase) + GOLDEN_GAMMA * sample) >>> 1;
        return new AnswerCall(prompt, sample, asked, seed, terms);
    }

    /** The most tokens that it may have. */
    int longest() {
        return Math.min(terms.settings().maxNewTokens(), terms.context() - asked.ids().length);
    }

    /** The call. */
    ObjectNode body(String model) {
        SamplingSettings how = terms.settings();
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        add(body.putArray("prompt"), asked.ids());
        body.put("max_tokens", longest())
                .put("min_tokens", Math.min(how.minNewTokens(), longest()))
                .put("temperature", how.temperature())
                .put("top_p", how.topP())
                .put("top_k", how.topK() == 0 ? -1 : how.topK())
                .put("min_p", how.minP())
                .put("repetition_penalty", how.repetitionPenalty())
                .put("presence_penalty", how.presencePenalty())
                .put("frequency_penalty", how.frequencyPenalty())
                .put("seed", seed)
                .put("n", 1)
                .put("logprobs", 0)
                .put("return_token_ids", true)
                .put("ignore_eos", true)
                .put("skip_special_tokens", false)
                .put("stream", false);
        add(body.putArray("stop_token_ids"), terms.stopIds());
        return body;
    }

    /** The call for the model's own log-probabilities of an answer that was drawn from another distribution. */
    ObjectNode scoring(String model, int[] answer) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        ArrayNode ids = body.putArray("prompt");
        add(ids, asked.ids());
        add(ids, answer);
        return body.put("max_tokens", 1)
                .put("temperature", 1)
                .put("seed", seed)
                .put("prompt_logprobs", 0)
                .put("stream", false);
    }

    private static void add(ArrayNode to, int[] ids) {
        for (int id : ids) {
            to.add(id);
        }
    }

    /**
     * Reads a reply, of which nothing is taken for granted.
     *
     * @throws WrongAnswerException naming what is not as it must be
     */
    Completion read(String server, String model, JsonNode reply) {
        requireModel(server, model, reply);
        JsonNode choice = choice(server, reply);
        require(
                !choice.has("prompt_token_ids")
                        || choice.path("prompt_token_ids").isNull()
                        || Arrays.equals(ids(server, "prompt_token_ids", choice), asked.ids()),
                server,
                "choices[0].prompt_token_ids: expected the " + asked.ids().length
                        + " ids that were sent, found others");
        int[] ids = ids(server, "token_ids", choice);
        require(
                ids.length >= 1 && ids.length <= longest(),
                server,
                "choices[0].token_ids: expected 1 to " + longest() + ", found " + ids.length);
        JsonNode numbers = choice.path("logprobs").path("token_logprobs");
        require(
                numbers.isArray() && numbers.size() == ids.length,
                server,
                "choices[0].logprobs.token_logprobs: expected one for each of " + ids.length + " token_ids, found "
                        + (numbers.isArray() ? numbers.size() : "none"));
        float[] logprobs = new float[ids.length];
        for (int t = 0; t < logprobs.length; t++) {
            logprobs[t] = logprob(server, "choices[0].logprobs.token_logprobs[" + t + "]", numbers.path(t));
        }
        return new Completion(
                terms.text().apply(ids),
                ids,
                logprobs,
                terms.settings().isGreedy() ? new float[ids.length] : logprobs,
                finish(server, ids, choice.path("finish_reason").asText("")));
    }

    /** Whether the server ended it for reasons of its own, such as its end. */
    static boolean isAborted(JsonNode reply) {
        String word = reply.path("choices").path(0).path("finish_reason").asText("");
        return word.equals("abort") || word.equals("error");
    }

    private static void requireModel(String server, String model, JsonNode reply) {
        String served = reply.path("model").asText("");
        require(served.equals(model), server, "model: expected " + model + ", found " + excerpt(served));
    }

    private static JsonNode choice(String server, JsonNode reply) {
        JsonNode choices = reply.path("choices");
        require(
                choices.isArray() && choices.size() == 1,
                server,
                "choices: expected 1, found " + (choices.isArray() ? choices.size() : "none"));
        return choices.get(0);
    }

    private int[] ids(String server, String field, JsonNode choice) {
        JsonNode list = choice.path(field);
        require(
                list.isArray(),
                server,
                "choices[0]." + field + ": expected a list of ids, found none; return_token_ids is of vLLM 0.10.2 and"
                        + " later");
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = list.get(i);
            require(
                    id.isInt() && id.intValue() >= 0 && id.intValue() < terms.vocabulary(),
                    server,
                    "choices[0]." + field + "[" + i + "]: expected an id in [0, " + terms.vocabulary() + "), found "
                            + excerpt(id.toString()));
            ids[i] = id.intValue();
        }
        return ids;
    }

    private static float logprob(String server, String field, JsonNode number) {
        double value = number.isNumber() ? number.doubleValue() : Double.NaN;
        require(
                Double.isFinite(value) && value <= ROUNDING && Float.isFinite((float) value),
                server,
                field + ": expected a finite log-probability of 0 or less, found " + excerpt(number.toString()));
        return (float) Math.min(0, value);
    }

    private FinishReason finish(String server, int[] ids, String word) {
        int last = ids[ids.length - 1];
        boolean stopped = Arrays.stream(terms.stopIds()).anyMatch(id -> id == last);
        if (word.equals("stop") && stopped) {
            return FinishReason.STOP;
        }
        require(
                word.equals("length") && ids.length == longest(),
                server,
                "choices[0].finish_reason: expected stop with one of the " + terms.stopIds().length
                        + " stop ids last, or length with " + longest() + " tokens, found " + excerpt(word) + " with "
                        + ids.length + " tokens, the last " + last);
        return FinishReason.LENGTH;
    }

    /**
     * Reads the model's own log-probabilities of an answer.
     *
     * @throws WrongAnswerException naming what is not as it must be
     */
    float[] readScores(String server, String model, JsonNode reply, int[] answer) {
        requireModel(server, model, reply);
        JsonNode places = choice(server, reply).path("prompt_logprobs");
        int prompt = asked.ids().length;
        require(
                places.isArray() && places.size() == prompt + answer.length,
                server,
                "choices[0].prompt_logprobs: expected " + (prompt + answer.length) + " entries, found "
                        + (places.isArray() ? places.size() : "none"));
        float[] logprobs = new float[answer.length];
        for (int t = 0; t < logprobs.length; t++) {
            JsonNode own = places.path(prompt + t).path(Integer.toString(answer[t]));
            logprobs[t] = logprob(server, "choices[0].prompt_logprobs[" + (prompt + t) + "]", own.path("logprob"));
        }
        return logprobs;
    }

    private static void require(boolean legal, String server, String problem) {
        if (!legal) {
            throw new WrongAnswerException(server + ": " + problem);
        }
    }

    /** What a server wrote, cut. */
    private static String excerpt(String text) {
        return ChatReply.excerpt(text);
    }
}
