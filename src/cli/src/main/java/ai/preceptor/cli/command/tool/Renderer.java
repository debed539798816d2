package ai.preceptor.cli.command.tool;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.jinja.ChatTemplate;
import ai.preceptor.jinja.Rendered;
import ai.preceptor.jinja.TemplateException;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.ChatRenderer;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.TokenizedText;
import ai.preceptor.lm.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A chat template with, where there is one, the tokenizer that reads its text.
 *
 * @param tokenizer closed with this; null for text without tokens
 * @param template renders a conversation
 */
record Renderer(@Nullable Tokenizer tokenizer, Template template) implements AutoCloseable {
    /** What a template makes of a conversation. */
    interface Template {
        Rendered render(Prompt prompt, List<Message> messages, boolean addGenerationPrompt);
    }

    /**
     * A renderer.
     *
     * @param model gives tokenizer and template; null for text without tokens
     * @param file whose template is used instead of the model's; not null when {@code model} is
     */
    static Renderer of(@Nullable Path model, @Nullable Path file) {
        ChatTemplate own = file == null ? null : compile(file);
        if (model == null) {
            return new Renderer(null, new ChatRenderer(Objects.requireNonNull(own, "checked"))::render);
        }
        Tokenizer tokenizer = Tokenizer.load(model);
        TemplateEncoder encoder = own == null
                ? TemplateEncoder.load(model, tokenizer, Boundary.REFUSE)
                : new TemplateEncoder(tokenizer, own, Boundary.REFUSE);
        return new Renderer(tokenizer, encoder::rendered);
    }

    private static ChatTemplate compile(Path file) {
        try {
            return ChatTemplate.compile(Files.readString(file));
        } catch (IOException | TemplateException e) {
            throw new DataException(file + ": " + e.getMessage(), e);
        }
    }

    /** {@code text}, {@code token_ids} and {@code assistant_mask}; the latter two only where there is a tokenizer. */
    Map<String, Object> row(Prompt prompt, boolean addGenerationPrompt) {
        Map<String, Object> row = new LinkedHashMap<>();
        if (!(prompt.text() instanceof Text.Chat chat)) {
            String text = prompt.text().asString();
            row.put("text", text);
            if (tokenizer != null) {
                row.put("token_ids", tokenizer.encode(text, true));
            }
            return row;
        }
        Rendered rendered = template.render(prompt, chat.messages(), addGenerationPrompt);
        row.put("text", rendered.text());
        if (tokenizer != null) {
            TokenizedText tokens = tokenizer.tokenize(rendered.text(), false);
            int[] mask = new int[tokens.ids().length];
            rendered.assistantSpans().forEach(span -> tokens.mark(span.start(), span.end(), mask));
            row.put("token_ids", tokens.ids());
            row.put("assistant_mask", mask);
        }
        return row;
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
