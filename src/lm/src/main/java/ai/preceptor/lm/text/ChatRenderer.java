package ai.preceptor.lm.text;

import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.jinja.ChatTemplate;
import ai.preceptor.jinja.RenderOptions;
import ai.preceptor.jinja.Rendered;
import ai.preceptor.jinja.TemplateException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A chat template and what it sees beside the messages of a row. */
public final class ChatRenderer {
    /** Columns of a row that templates of a model see; {@code chat_template_kwargs} may have further variables. */
    public static final List<String> COLUMNS = List.of("tools", "documents", "chat_template_kwargs");

    /** Variables of a template that a row's {@code chat_template_kwargs} may not have, since they are set for it. */
    public static final List<String> SET_BY_CALLER = List.of("messages", "add_generation_prompt");

    private static final JsonMapper JSON = new JsonMapper();

    private final @Nullable ChatTemplate template;
    private final @Nullable ChatTemplate toolUse;
    private final @Nullable Map<String, String> specialTokens;
    private final @Nullable List<?> tools;
    private final @Nullable String instructions;

    /**
     * A model's template.
     *
     * @param template null for a model without one, which renders nothing
     * @param toolUse instead of it for conversations with tools; null for no other
     * @param specialTokens the model's, by name ({@code bos_token}, ...)
     */
    ChatRenderer(@Nullable ChatTemplate template, @Nullable ChatTemplate toolUse, Map<String, String> specialTokens) {
        this.template = template;
        this.toolUse = toolUse;
        this.specialTokens = Map.copyOf(specialTokens);
        this.tools = null;
        this.instructions = null;
    }

    private ChatRenderer(ChatRenderer like, List<?> tools, @Nullable String instructions) {
        this.template = like.template;
        this.toolUse = like.toolUse;
        this.specialTokens = like.specialTokens;
        this.tools = List.copyOf(tools);
        this.instructions = instructions;
    }

    /**
     * The same with tools for rows that have none of their own.
     *
     * @param said by a system message of them; null for no such message
     */
    ChatRenderer withTools(List<?> added, @Nullable String said) {
        return new ChatRenderer(this, added, said);
    }

    /** The same for turns of tools: an empty list of tools chooses the template for them, where there is one. */
    ChatRenderer ofToolTurns() {
        return toolUse == null ? this : withTools(List.of(), null);
    }

    /** Whether it was given tools. */
    boolean hasTools() {
        return tools != null;
    }

    /**
     * A template without a model, so without special tokens of its own: every column of a row is a variable by its name,
     * {@code bos_token} too.
     */
    public ChatRenderer(ChatTemplate template) {
        this.template = template;
        this.toolUse = null;
        this.specialTokens = null;
        this.tools = null;
        this.instructions = null;
    }

    /**
     * A rendered chat template with the spans of the assistant's text.
     *
     * @param prompt whose columns ({@code tools}, {@code documents}, {@code chat_template_kwargs}) the template sees
     * @param messages the conversation, not empty
     * @param addGenerationPrompt true to end where the assistant's answer begins
     * @throws EncodingException when the template is missing or refuses the messages
     */
    public Rendered render(Prompt prompt, List<Message> messages, boolean addGenerationPrompt) {
        Map<String, @Nullable Object> columns = prompt.columns();
        Map<String, @Nullable Object> variables = variables(specialTokens == null ? columns : specialTokens, columns);
        if (tools != null && columns.get("tools") == null) {
            variables.putIfAbsent("tools", tools);
        }
        ChatTemplate chosen = toolUse != null && variables.get("tools") != null ? toolUse : template;
        if (chosen == null) {
            throw new EncodingException("prompt: messages need a chat template, and the model has none (looked for"
                    + " chat_template.jinja and the key chat_template of tokenizer_config.json)");
        }
        try {
            return chosen.render(maps(instructed(messages)), new RenderOptions(addGenerationPrompt, variables));
        } catch (TemplateException refused) {
            throw new EncodingException(Objects.requireNonNull(refused.getMessage()), refused);
        }
    }

    /** With what is said of tools at the end of the system message, or in one before all others. */
    private List<Message> instructed(List<Message> messages) {
        if (instructions == null || messages.isEmpty()) {
            return messages;
        }
        List<Message> all = new ArrayList<>(messages);
        Message first = messages.get(0);
        if (first.role().equals("system")) {
            all.set(0, new Message(first.role(), first.content() + "\n\n" + instructions, first.extra()));
        } else {
            all.add(0, Message.system(instructions));
        }
        return all;
    }

    /** Messages as transformers hands them to templates: without the keys that hold nothing. */
    private static List<Map<String, @Nullable Object>> maps(List<Message> messages) {
        List<Map<String, @Nullable Object>> maps = new ArrayList<>();
        for (Message message : messages) {
            Map<String, @Nullable Object> map = message.toMap();
            map.values().removeIf(Objects::isNull);
            maps.add(map);
        }
        return maps;
    }

    /**
     * The variables a template sees beside the messages, as transformers and TRL give them: the special tokens, the row's
     * {@code tools} (a list, or JSON text that holds one) and {@code documents} (a list), and over all of them the row's
     * {@code chat_template_kwargs}.
     */
    private static Map<String, @Nullable Object> variables(
            Map<String, ? extends @Nullable Object> named, Map<String, @Nullable Object> columns) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(named);
        if (columns.get("documents") instanceof List<?> documents) {
            variables.put("documents", documents);
        }
        variables.putIfAbsent("documents", null); // none, which templates tell from undefined
        variables.put("tools", tools(columns.get("tools")));
        Object arguments = columns.get("chat_template_kwargs");
        if (arguments instanceof Map<?, ?> map) {
            for (String name : SET_BY_CALLER) {
                if (map.containsKey(name)) {
                    throw new EncodingException("column \"chat_template_kwargs\": expected variables other than "
                            + String.join(", ", SET_BY_CALLER) + ", found " + name);
                }
            }
            map.forEach((name, value) -> variables.put(String.valueOf(name), value));
        } else if (arguments != null) {
            throw new EncodingException("column \"chat_template_kwargs\": expected an object, found " + arguments);
        }
        return variables;
    }

    private static @Nullable Object tools(@Nullable Object column) {
        if (!(column instanceof String text)) {
            return column;
        }
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException malformed) {
            throw new EncodingException(
                    "column \"tools\": expected a list, or JSON text of one, found " + text, malformed);
        }
    }
}
