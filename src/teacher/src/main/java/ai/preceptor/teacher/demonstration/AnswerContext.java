package ai.preceptor.teacher.demonstration;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.chat.PromptTemplate.Places;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a teacher reads before a prompt and the student will not: a system prompt, and demonstrations. To train on answers
 * that were given with it, without it, is context distillation (Askell et al. 2021, arXiv:2112.00861).
 *
 * <p>A conversation begins with the system message, followed by each demonstration's turns; the row's own system message is
 * joined to it after an empty line. A plain text is preceded by the system prompt and the demonstrations, each prompt with its
 * completion as they stand, with empty lines between.
 *
 * @param system the system prompt; empty for none
 * @param demonstrations shown before each prompt
 */
public record AnswerContext(String system, DemonstrationPool demonstrations) {
    private static final String SYSTEM = "system";
    private static final String APART = "\n\n";

    /** What asks for a chain of thought and a last line {@code Answer: ...} ({@link Rationale}), in the program's words. */
    public static String chainOfThought() {
        return words(PromptTemplate.standard(AnswerContext.class, "cot.txt", Places.of()));
    }

    /**
     * The same in a user's words: a template without places.
     *
     * @throws ConfigurationException if it cannot be read or has places
     */
    public static String chainOfThought(Path template) {
        return words(PromptTemplate.read(template, Places.of()));
    }

    private static String words(PromptTemplate template) {
        return template.fill(Map.of()).stream().map(Message::content).collect(Collectors.joining(APART));
    }

    /** A system prompt of several parts, of which some may be empty. */
    public static String joined(String... parts) {
        return List.of(parts).stream()
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(APART));
    }

    /**
     * A prompt as the teacher reads it; columns stay.
     *
     * @param place of the prompt among all, from 0
     */
    public Prompt before(Prompt prompt, int place) {
        List<Demonstration> shown = demonstrations.drawn(prompt, place);
        if (system.isEmpty() && shown.isEmpty()) {
            return prompt;
        }
        Text text = prompt.text() instanceof Text.Chat chat
                ? new Text.Chat(turns(chat.messages(), shown))
                : Text.plain(plain(prompt.text().asString(), shown));
        return new Prompt(text, prompt.columns());
    }

    /** All prompts as the teacher reads them, made when they are asked for. */
    public List<Prompt> before(List<Prompt> prompts) {
        return new LazyRows<>(prompts.size(), i -> before(prompts.get(i), i));
    }

    private List<Message> turns(List<Message> own, List<Demonstration> shown) {
        boolean first = !own.isEmpty() && own.get(0).role().equals(SYSTEM);
        String joined = joined(system, first ? own.get(0).content() : "");
        List<Message> turns = new ArrayList<>();
        if (!joined.isEmpty()) {
            turns.add(Message.system(joined));
        }
        for (Demonstration one : shown) {
            turns.addAll(turns(one.prompt().text(), "user"));
            turns.addAll(turns(one.completion(), "assistant"));
        }
        turns.addAll(own.subList(first ? 1 : 0, own.size()));
        return turns;
    }

    /** Its turns but those of the system, which comes first and once; of a plain text one turn. */
    static List<Message> turns(Text text, String role) {
        return text instanceof Text.Chat chat
                ? chat.messages().stream()
                        .filter(message -> !message.role().equals(SYSTEM))
                        .toList()
                : List.of(new Message(role, text.asString()));
    }

    private String plain(String own, List<Demonstration> shown) {
        StringBuilder text = new StringBuilder(system.isEmpty() ? "" : system + APART);
        for (Demonstration one : shown) {
            text.append(one.prompt().text().asString())
                    .append(one.completion().asString())
                    .append(APART);
        }
        return text.append(own).toString();
    }
}
