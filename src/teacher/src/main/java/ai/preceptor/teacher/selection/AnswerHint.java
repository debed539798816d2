package ai.preceptor.teacher.selection;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.chat.PromptTemplate.Places;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.rule.AnswerAccuracy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows a student the right answer and asks again, so that it finds the reasoning which leads there: rationalization.
 *
 * <p>Source: STaR, Zelikman et al. 2022, arXiv:2203.14465, section 3.2 and algorithm 1, where problems that were answered wrong
 * are tried once more with the answer as a hint, and rows are kept as if no hint had been given. When not to use it: with a
 * rule that only looks for the answer, a reply that repeats the hint without reasoning is right.
 */
public final class AnswerHint {
    /** The column that says that a row's answer was found with a hint. */
    public static final String COLUMN = "hinted";

    private static final Places PLACES = Places.of("prompt", "answer");

    private final PromptTemplate template;

    private AnswerHint(PromptTemplate template) {
        this.template = template;
    }

    /** With the program's own words. */
    public static AnswerHint standard() {
        return new AnswerHint(PromptTemplate.standard(AnswerHint.class, "hint.txt", PLACES));
    }

    /**
     * With a user's own words: a template with the places {@code prompt}, the question, and {@code answer}.
     *
     * @throws ConfigurationException if it cannot be read or has other places
     */
    public static AnswerHint read(Path file) {
        return new AnswerHint(PromptTemplate.read(file, PLACES));
    }

    /**
     * The same question with its right answer. Columns stay, so the same rule applies. In a conversation the last message of
     * the user is replaced by the template's messages; a plain text by the content of the template's last message.
     *
     * @throws IllegalArgumentException if the prompt has no answer of its own ({@link AnswerAccuracy#reference})
     */
    public Prompt hinted(Prompt prompt) {
        String answer = AnswerAccuracy.reference(prompt)
                .map(AnswerAccuracy::finalAnswer)
                .orElseThrow(() -> new IllegalArgumentException("prompt: expected a right answer in its columns, found "
                        + prompt.columns().keySet()));
        if (!(prompt.text() instanceof Text.Chat chat)) {
            List<Message> filled = filled(prompt.text().asString(), answer);
            return new Prompt(Text.plain(filled.get(filled.size() - 1).content()), prompt.columns());
        }
        List<Message> messages = new ArrayList<>(chat.messages());
        int last = messages.size() - 1;
        while (last > 0 && !messages.get(last).role().equals("user")) {
            last--;
        }
        Message question = messages.remove(last);
        messages.addAll(last, filled(question.content(), answer));
        return new Prompt(new Text.Chat(messages), prompt.columns());
    }

    private List<Message> filled(String question, String answer) {
        return template.fill(Map.of("prompt", question, "answer", answer));
    }

    /** What is wrong with a row for a hint: it has no right answer. Empty if nothing is. */
    public static Optional<String> problem(Prompt prompt) {
        return AnswerAccuracy.reference(prompt).isPresent()
                ? Optional.empty()
                : Optional.of("expected a column answer, solution or ground_truth for hint_retry, found the columns "
                        + prompt.columns().keySet());
    }

    /** Answers to a hinted prompt as answers to the one without the hint. */
    public static Elicited stripped(Prompt prompt, Elicited hinted) {
        return new Elicited(prompt, hinted.answers());
    }

    /** A row that tells that its answer was found with a hint. */
    public static Demonstration marked(Demonstration row) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>(row.prompt().columns());
        columns.put(COLUMN, true);
        return new Demonstration(new Prompt(row.prompt().text(), columns), row.completion());
    }

    /** The words, for what must be equal when a run goes on. */
    @Override
    public String toString() {
        return filled("{{prompt}}", "{{answer}}").toString();
    }
}
