package ai.preceptor.serve.request;

import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.text.ChatRenderer;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.TemplateEncoder.PromptText;
import ai.preceptor.lm.text.TokenCountBound;
import ai.preceptor.serve.request.ApiRequest.ReplyOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Understands bodies of requests for one model. Safe to use from several threads. */
public final class OpenAiBodyReader implements BodyReader {
    /** Answers that one request may ask for, as OpenAI has it. */
    private static final int MOST_CHOICES = 128;

    /** Tokens of a completion where the request does not say, as OpenAI has it. */
    private static final int COMPLETION_TOKENS = 16;

    /** Log-probabilities of tokens of prompts in one reply. */
    static final int MOST_PROMPT_ENTRIES = 1 << 18;

    /** Log-probabilities of tokens of answers in one reply. */
    static final int MOST_ANSWER_ENTRIES = 1 << 19;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String model;
    private final TemplateEncoder encoder;
    private final MessageReader messages;
    private final TokenCountBound bound;
    private final SamplingReader sampling;
    private final int context;
    private final int vocabulary;
    private final int mostChoices;

    /**
     * @param model what is served
     * @param encoder of the model
     * @param bound of its tokenizer
     * @param capacity answers that may be open at a time
     * @param maxTokens tokens of a chat's answer where the request does not say
     * @param seeds where requests without a seed get one
     */
    public OpenAiBodyReader(
            Model model,
            TemplateEncoder encoder,
            TokenCountBound bound,
            int capacity,
            int maxTokens,
            LongSupplier seeds) {
        this.model = model.name();
        this.encoder = encoder;
        this.messages = new MessageReader(encoder.takesParts());
        this.bound = bound;
        this.context = model.context();
        this.vocabulary = model.vocabulary();
        this.sampling = new SamplingReader(model, maxTokens, seeds);
        this.mostChoices = Math.min(MOST_CHOICES, capacity);
    }

    /**
     * What is served.
     *
     * @param name what requests call it
     * @param context most tokens of a prompt and its answer
     * @param vocabulary ids lie below it
     */
    public record Model(String name, int context, int vocabulary) {}

    @Override
    public ApiRequest read(Kind kind, byte[] body, Runnable between) {
        Fields fields = Fields.parse(body);
        between.run();
        return kind == Kind.CHAT ? chat(fields, between) : completion(fields, between);
    }

    private ApiRequest chat(Fields fields, Runnable between) {
        checkModel(fields);
        boolean logprobs = fields.flag("logprobs", false);
        int top = fields.whole("top_logprobs", 0, 0, GenerationRequest.MOST_TOP_LOGPROBS);
        if (fields.find("top_logprobs") != null && !logprobs) {
            throw ApiException.field("top_logprobs", "expected logprobs to be true too, found it is not");
        }
        int samples = fields.whole("n", 1, 1, mostChoices);
        ReplyOptions reply = reply(fields, logprobs, top, null);
        Unsupported.CHAT.check(fields, samples);
        Prompt conversation = conversation(fields);
        SamplingReader.Plan plan = sampling.read(fields, true);
        fields.refuseOthers();
        int[] prompt = encoded("messages", conversation, between);
        return bounded(new ApiRequest(List.of(prompt), samples, plan.within(prompt.length, "messages"), reply));
    }

    /** A whole reply takes half a kilobyte for each, and is written at once; a stream holds far less. */
    private static ApiRequest bounded(ApiRequest request) {
        if (!request.reply().stream() && request.answerEntries() > MOST_ANSWER_ENTRIES) {
            throw ApiException.field(
                    "logprobs",
                    "expected answers x max_tokens x (most probable tokens + 1) to be at most " + MOST_ANSWER_ENTRIES
                            + " without stream, found " + request.answerEntries());
        }
        return request;
    }

    private ApiRequest completion(Fields fields, Runnable between) {
        checkModel(fields);
        boolean logprobs = fields.find("logprobs") != null;
        int top = fields.whole("logprobs", 0, 0, GenerationRequest.MOST_TOP_LOGPROBS);
        int samples = fields.whole("n", 1, 1, mostChoices);
        ReplyOptions reply = reply(fields, logprobs, top, promptLogprobs(fields));
        Unsupported.COMPLETION.check(fields, samples);
        JsonNode given = fields.find("prompt");
        if (given == null) {
            throw ApiException.missing("prompt", "text, token ids, or a list of either");
        }
        SamplingReader.Plan plan = sampling.read(fields, false).standard(COMPLETION_TOKENS);
        fields.refuseOthers();
        List<int[]> prompts = prompts(given, between);
        if (prompts.size() * (long) samples > mostChoices) {
            throw ApiException.field(
                    "n",
                    "expected at most " + mostChoices + " answers in all, found " + samples + " to each of "
                            + prompts.size() + " prompts");
        }
        int longest = prompts.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        ApiRequest request = new ApiRequest(prompts, samples, plan.within(longest, "prompt"), reply);
        if (request.promptEntries() > MOST_PROMPT_ENTRIES) {
            throw ApiException.field(
                    "prompt_logprobs",
                    "expected tokens of prompts x n x (prompt_logprobs + 1) to be at most " + MOST_PROMPT_ENTRIES
                            + ", found " + request.promptEntries());
        }
        return bounded(request);
    }

    /** As in vLLM, but -1 (the whole vocabulary) is refused, and a stream altogether, since it would not have them. */
    private static @Nullable Integer promptLogprobs(Fields fields) {
        if (fields.find("prompt_logprobs") == null) {
            return null;
        }
        int wanted = fields.whole("prompt_logprobs", 0, 0, GenerationRequest.MOST_TOP_LOGPROBS);
        if (fields.flag("stream", false)) {
            throw ApiException.field("prompt_logprobs", "expected stream to be false, found true");
        }
        return wanted;
    }

    private void checkModel(Fields fields) {
        String name = fields.text("model");
        if (name != null && !name.equals(model)) {
            throw ApiException.noModel(name, model);
        }
    }

    private static ReplyOptions reply(Fields fields, boolean logprobs, int top, @Nullable Integer promptLogprobs) {
        boolean stream = fields.flag("stream", false);
        JsonNode options = fields.find("stream_options");
        if (options != null && !options.isObject()) {
            throw ApiException.value("stream_options", "an object", options);
        }
        if (options != null && !stream) {
            throw ApiException.field("stream_options", "expected stream to be true too, found it is not");
        }
        JsonNode usage = options == null ? null : options.get("include_usage");
        if (usage != null && !usage.isNull() && !usage.isBoolean()) {
            throw ApiException.value("stream_options.include_usage", "true or false", usage);
        }
        return new ReplyOptions(stream, usage != null && usage.asBoolean(), logprobs, top, promptLogprobs);
    }

    private Prompt conversation(Fields fields) {
        JsonNode given = fields.find("messages");
        if (given == null) {
            throw ApiException.missing("messages", "a list of messages");
        }
        if (!given.isArray() || given.isEmpty()) {
            throw ApiException.value("messages", "a list of at least one message", given);
        }
        List<Message> all = new ArrayList<>();
        for (JsonNode one : given) {
            all.add(messages.read("messages[" + all.size() + "]", one));
        }
        return new Prompt(new Text.Chat(all), columns(fields));
    }

    /** What the chat template sees beside the messages. */
    private static Map<String, @Nullable Object> columns(Fields fields) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        JsonNode tools = fields.find("tools");
        if (tools != null && !tools.isArray()) {
            throw ApiException.value("tools", "a list of tools", tools);
        }
        JsonNode choice = fields.find("tool_choice");
        if (tools != null && !(choice != null && choice.asText().equals("none"))) {
            columns.put("tools", JSON.convertValue(tools, Object.class));
        }
        JsonNode arguments = fields.find("chat_template_kwargs");
        if (arguments != null && !arguments.isObject()) {
            throw ApiException.value("chat_template_kwargs", "an object", arguments);
        }
        if (arguments != null) {
            ChatRenderer.SET_BY_CALLER.stream()
                    .filter(arguments::has)
                    .findFirst()
                    .ifPresent(name -> {
                        throw ApiException.field(
                                "chat_template_kwargs",
                                "expected variables other than " + String.join(", ", ChatRenderer.SET_BY_CALLER)
                                        + ", found " + name);
                    });
            columns.put("chat_template_kwargs", JSON.convertValue(arguments, Object.class));
        }
        return columns;
    }

    private List<int[]> prompts(JsonNode given, Runnable between) {
        if (given.isTextual()) {
            return List.of(encoded("prompt", Prompt.plain(given.textValue()), between));
        }
        if (!given.isArray() || given.isEmpty()) {
            throw ApiException.value("prompt", "text, token ids, or a list of either, not empty", given);
        }
        if (given.get(0).isNumber()) {
            return List.of(ids(given));
        }
        if (given.size() > mostChoices) {
            throw ApiException.field("prompt", "expected at most " + mostChoices + " prompts, found " + given.size());
        }
        List<int[]> prompts = new ArrayList<>();
        for (JsonNode one : given) {
            if (!one.isTextual() && !one.isArray()) {
                throw ApiException.value("prompt[" + prompts.size() + "]", "text or token ids", one);
            }
            prompts.add(one.isTextual() ? encoded("prompt", Prompt.plain(one.textValue()), between) : ids(one));
        }
        return prompts;
    }

    private int[] ids(JsonNode list) {
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Fields.whole("prompt", list.get(i), 0, vocabulary - 1);
        }
        return bounded("prompt", ids);
    }

    /** Tokenizing costs far more than anything else here, so what cannot fit is refused before. */
    private int[] encoded(String field, Prompt prompt, Runnable between) {
        try {
            PromptText text = encoder.promptText(prompt);
            long least = bound.leastTokens(text.text());
            if (least >= context) {
                throw tooLong(field, text.text().length() + " characters, which are at least " + least + " tokens");
            }
            between.run();
            return bounded(field, encoder.ids(text));
        } catch (EncodingException e) {
            throw ApiException.field(field, String.valueOf(e.getMessage()));
        }
    }

    private int[] bounded(String field, int[] ids) {
        if (ids.length == 0) {
            throw ApiException.field(field, "expected at least 1 token, found none");
        }
        if (ids.length >= context) {
            throw tooLong(field, String.valueOf(ids.length));
        }
        return ids;
    }

    private ApiException tooLong(String field, String found) {
        return ApiException.tooLong(
                field,
                "expected at most " + (context - 1) + " tokens, one less than the model's context, found " + found);
    }
}
