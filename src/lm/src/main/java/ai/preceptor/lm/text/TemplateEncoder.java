package ai.preceptor.lm.text;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.jinja.ChatTemplate;
import ai.preceptor.jinja.Rendered;
import ai.preceptor.jinja.TemplateException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prompts and completions as the ids a model is trained on and generates from, equal to TRL's.
 *
 * <p>Conversations: the prompt is what the chat template writes with a generation prompt; the completion is what it adds
 * after that when the answer follows (for ChatML the text, {@code <|im_end|>} and a line feed). The template has written
 * its special tokens, so none are added.
 *
 * <p>Plain text: the prompt's ids are the tokenizer's own, with what it puts around a text; prompt and completion are
 * tokenized as one text, to which the end-of-sequence token is added unless it ends with it.
 *
 * <p>The prompt's ids must be the beginning of the whole's. Where they are not, TRL cuts the prompt where they diverge;
 * here that is asked for with {@link Boundary#MOVE}, and refused otherwise. Nothing is truncated. Text inside messages
 * that spells a special token becomes that token, as in transformers. Safe to use from several threads.
 */
public final class TemplateEncoder implements PromptEncoder {
    private final Tokenizer tokenizer;
    private final ChatRenderer chat;
    private final Boundary boundary;

    /**
     * An encoder of these parts.
     *
     * @param tokenizer stays its owner's to close
     * @param template null for a model without one, which then takes plain text only
     * @param boundary what to do where a prompt's ids are not a prefix
     */
    public TemplateEncoder(Tokenizer tokenizer, @Nullable ChatTemplate template, Boundary boundary) {
        this(tokenizer, new ChatRenderer(template, null, tokenizer.specialTokens()), boundary);
    }

    /**
     * The encoder of a model directory.
     *
     * @param directory whose chat template is used, if it has one, and its template for tools where there are tools
     * @param tokenizer the directory's tokenizer
     * @param boundary what to do where a prompt's ids are not a prefix
     * @throws DataException naming the directory when its template cannot be read or compiled
     */
    public static TemplateEncoder load(Path directory, Tokenizer tokenizer, Boundary boundary) {
        return load(new ModelFiles(directory), tokenizer, boundary);
    }

    /** As {@link #load(Path, Tokenizer, Boundary)}, of a model whose files are these. */
    public static TemplateEncoder load(ModelFiles files, Tokenizer tokenizer, Boundary boundary) {
        try {
            ChatTemplate template =
                    files.chatTemplate().map(ChatTemplate::compile).orElse(null);
            ChatTemplate toolUse =
                    files.toolUseTemplate().map(ChatTemplate::compile).orElse(null);
            return new TemplateEncoder(
                    tokenizer, new ChatRenderer(template, toolUse, tokenizer.specialTokens()), boundary);
        } catch (TemplateException malformed) {
            throw new DataException(files.directory() + ": " + malformed.getMessage(), malformed);
        }
    }

    private TemplateEncoder(Tokenizer tokenizer, ChatRenderer chat, Boundary boundary) {
        this.tokenizer = tokenizer;
        this.chat = chat;
        this.boundary = boundary;
    }

    /**
     * The same with tools that every conversation shows whose row has no column {@code tools}.
     *
     * @param tools in OpenAI's schema of functions
     * @param instructions what a system message says of them, where the template shows none; null for no such message
     */
    public TemplateEncoder withTools(List<?> tools, @Nullable String instructions) {
        return new TemplateEncoder(tokenizer, chat.withTools(tools, instructions), boundary);
    }

    /** The same for turns of tools, which the model's template for tools writes, where it has one. */
    public TemplateEncoder ofToolTurns() {
        return new TemplateEncoder(tokenizer, chat.ofToolTurns(), boundary);
    }

    /** The tokenizer. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * Ids to generate from.
     *
     * @param prompt a conversation that waits for its next turn, or plain text; of an empty conversation nothing
     * @throws EncodingException when the template is missing or refuses the messages
     */
    @Override
    public int[] prompt(Prompt prompt) {
        boolean nothing =
                prompt.text() instanceof Text.Chat turns && turns.messages().isEmpty();
        return nothing ? new int[0] : ids(promptText(prompt));
    }

    /**
     * Whether the chat template writes the text of a content that is a list of parts, {@code {"type": "text", "text": ...}} each.
     * Other templates write the list as Python shows it, or refuse it.
     */
    public boolean takesParts() {
        String word = "text-of-a-part";
        Message parts = new Message("user", "", Map.of(Message.PARTS, List.of(Map.of("type", "text", "text", word))));
        try {
            String written = render(Prompt.chat(parts), List.of(parts), true);
            return written.contains(word) && !written.contains("'" + word) && !written.contains("\"" + word);
        } catch (EncodingException refused) {
            return false;
        }
    }

    /**
     * A prompt as the tokenizer takes it.
     *
     * @param text of a conversation what the chat template writes
     * @param addSpecial whether the tokenizer puts around it what it puts around a text
     */
    public record PromptText(String text, boolean addSpecial) {}

    /**
     * The first half of {@link #prompt}, for a caller that looks at the text before it is tokenized.
     *
     * @param prompt a conversation of at least one message that waits for its next turn, or plain text
     * @throws EncodingException when the template is missing or refuses the messages, or there are tools, which plain text
     *     cannot show
     */
    public PromptText promptText(Prompt prompt) {
        if (chat.hasTools() && !(prompt.text() instanceof Text.Chat)) {
            throw new EncodingException(
                    "prompt: expected messages with tools, which plain text cannot show, found plain text");
        }
        return prompt.text() instanceof Text.Chat turns
                ? new PromptText(render(prompt, turns.messages(), true), false)
                : new PromptText(prompt.text().asString(), true);
    }

    /**
     * The second half of {@link #prompt}.
     *
     * @throws EncodingException as {@link Tokenizer#encode} does
     */
    public int[] ids(PromptText prompt) {
        return tokenizer.encode(prompt.text(), prompt.addSpecial());
    }

    /**
     * Ids of a completion, which follow {@link #prompt}'s.
     *
     * @throws EncodingException when the template is missing or refuses the messages, or the prompt's ids are not the
     *     beginning of the whole's, whatever {@link Boundary} is set: this method cannot move it
     */
    @Override
    public int[] completion(Prompt prompt, Text completion) {
        Encoded encoded = encode(prompt, List.of(completion), Boundary.REFUSE);
        return encoded.completions().get(0);
    }

    /**
     * Ids of a prompt and of several completions of it, which share its boundary.
     *
     * @param prompt a conversation or plain text; of an empty conversation every token is the completion's
     * @param completions in the prompt's own form; plain text after a conversation is one message of the assistant
     * @throws EncodingException when the template is missing or refuses the messages, a completion is of another form
     *     or adds nothing, nothing of the prompt is left, or the boundary does not hold and may not be moved
     */
    @Override
    public Encoded encode(Prompt prompt, List<Text> completions) {
        return encode(prompt, completions, boundary);
    }

    private Encoded encode(Prompt prompt, List<Text> completions, Boundary rule) {
        int[] alone = prompt(prompt);
        List<int[]> wholes = new ArrayList<>();
        int common = alone.length;
        for (Text completion : completions) {
            int[] whole = whole(prompt, completion);
            int same = commonPrefix(alone, whole);
            if (same < alone.length && rule == Boundary.REFUSE) {
                throw new BoundaryException(divergence(alone, whole, same));
            }
            common = Math.min(common, same);
            wholes.add(whole);
        }
        boolean startsEmpty =
                prompt.text() instanceof Text.Chat turns && turns.messages().isEmpty();
        if (common == 0 && !startsEmpty) {
            throw new EncodingException(
                    alone.length == 0
                            ? "prompt: it has no token"
                            : "prompt: its first token is already another one when a completion follows, "
                                    + divergence(alone, wholes.get(0), 0));
        }
        List<int[]> rests = new ArrayList<>();
        for (int[] whole : wholes) {
            if (whole.length == common) {
                throw new EncodingException("completion: it adds no token after the prompt's " + common);
            }
            rests.add(Arrays.copyOfRange(whole, common, whole.length));
        }
        return new Encoded(Arrays.copyOf(alone, common), rests, alone.length - common);
    }

    private int[] whole(Prompt prompt, Text completion) {
        if (prompt.text() instanceof Text.Chat) {
            return tokenizer.encode(render(prompt, messages(prompt, completion), false), false);
        }
        if (completion instanceof Text.Chat) {
            throw new EncodingException("completion: expected plain text after a plain prompt, found messages");
        }
        String eos = tokenizer
                .eosToken()
                .orElseThrow(() -> new EncodingException(
                        "completion: plain text ends with the end-of-sequence token, and the tokenizer names none"));
        String text = completion.asString();
        String ended = text.endsWith(eos) ? text : text + eos;
        return tokenizer.encode(prompt.text().asString() + ended, true);
    }

    @Override
    public boolean[] assistantMask(Prompt prompt, Text completion) {
        if (!(prompt.text() instanceof Text.Chat)) {
            throw new EncodingException("assistant_only_loss: expected a conversation, found plain text");
        }
        int[] answer = encode(prompt, List.of(completion)).completions().get(0);
        Rendered rendered = rendered(prompt, messages(prompt, completion), false);
        TokenizedText tokens = tokenizer.tokenize(rendered.text(), false);
        int[] marks = new int[tokens.ids().length];
        rendered.assistantSpans().forEach(span -> tokens.mark(span.start(), span.end(), marks));
        boolean[] mask = new boolean[answer.length];
        boolean any = false;
        for (int i = 0; i < mask.length; i++) {
            mask[i] = marks[marks.length - mask.length + i] == 1;
            any |= mask[i];
        }
        if (!any) {
            throw new EncodingException("assistant_only_loss: the chat template marks no token of the answer as the"
                    + " assistant's; expected {% generation %} ... {% endgeneration %} around what it writes");
        }
        return mask;
    }

    private static List<Message> messages(Prompt prompt, Text completion) {
        List<Message> messages = new ArrayList<>(((Text.Chat) prompt.text()).messages());
        if (completion instanceof Text.Chat answer) {
            messages.addAll(answer.messages());
        } else {
            messages.add(Message.assistant(completion.asString()));
        }
        return messages;
    }

    /**
     * The text of {@link #rendered}, for a model that reads text.
     *
     * @throws EncodingException also when a message has a part that is none
     */
    public String render(Prompt prompt, List<Message> messages, boolean addGenerationPrompt) {
        for (int i = 0; i < messages.size(); i++) {
            List<String> kinds = messages.get(i).partsBesideText();
            if (!kinds.isEmpty()) {
                throw new EncodingException("message " + i + " (0-based): expected text, which is all the model reads,"
                        + " found a part of type \"" + kinds.get(0) + "\"");
            }
        }
        return rendered(prompt, messages, addGenerationPrompt).text();
    }

    /**
     * A rendered chat template with the spans of the assistant's text.
     *
     * @param prompt whose columns ({@code tools}, {@code chat_template_kwargs}) the template sees
     * @param messages the conversation, not empty
     * @param addGenerationPrompt true to end where the assistant's answer begins
     * @throws EncodingException when the template is missing or refuses the messages
     */
    public Rendered rendered(Prompt prompt, List<Message> messages, boolean addGenerationPrompt) {
        return chat.render(prompt, messages, addGenerationPrompt);
    }

    private static int commonPrefix(int[] first, int[] second) {
        int different = Arrays.mismatch(first, second);
        return different < 0 ? first.length : different;
    }

    private String divergence(int[] alone, int[] whole, int at) {
        String found = at < whole.length ? whole[at] + " \"" + tokenizer.show(whole[at]) + "\"" : "the end";
        return "prompt: its ids are not the beginning of those of prompt and completion: index " + at + " of "
                + alone.length + " holds " + alone[at] + " \"" + tokenizer.show(alone[at]) + "\" alone, and " + found
                + " before the completion (a token crosses the boundary, or the chat template writes the prompt"
                + " differently)";
    }

    @Override
    public int[] piece(String text) {
        return tokenizer.encode(text, false);
    }

    @Override
    public int beginId() {
        return tokenizer.specialTokens().containsKey("bos_token") ? tokenizer.bosId() : -1;
    }

    @Override
    public int endId() {
        return tokenizer.eosId();
    }

    /**
     * Turns ids into text.
     *
     * @param ids ids from 0 on
     * @param skipSpecial true to leave special tokens out
     */
    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        return tokenizer.decode(ids, skipSpecial);
    }
}
