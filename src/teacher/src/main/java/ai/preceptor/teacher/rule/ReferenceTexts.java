package ai.preceptor.teacher.rule;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The texts that a short answer is compared with, and SQuAD's normalization of both.
 *
 * <p>They are the prompt's column {@code answers}: a list of texts, or SQuAD's object with such a list under {@code text};
 * else its column {@code answer}: a text, a number or a list. An empty list is a question without an answer, which only an
 * empty answer meets.
 *
 * <p>A text is normalized as in SQuAD's official evaluation (2.0): lower case, ASCII punctuation removed, the words a, an
 * and the removed, white space made single spaces.
 */
public final class ReferenceTexts {
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
    private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private ReferenceTexts() {}

    /** Those of a prompt; empty if it has none of the columns. */
    public static Optional<List<String>> of(Prompt prompt) {
        Object answers = prompt.columns().get("answers");
        if (answers instanceof Map<?, ?> squad) {
            answers = squad.get("text");
        }
        Object found = answers == null ? prompt.columns().get("answer") : answers;
        if (found instanceof Map<?, ?>) {
            return Optional.empty();
        }
        return found == null ? Optional.empty() : Optional.of(texts(found));
    }

    private static List<String> texts(Object column) {
        List<String> texts = new ArrayList<>();
        for (Object one : column instanceof List<?> list ? list : List.of(column)) {
            texts.add(String.valueOf(one));
        }
        return texts;
    }

    /**
     * The normalized references of an answer: those that are something, or the empty one alone.
     *
     * @throws IllegalArgumentException if the prompt has none of the columns
     */
    static List<String> required(Answer answer) {
        List<String> texts = of(answer.prompt())
                .orElseThrow(() -> new IllegalArgumentException("the prompt has no column answers or answer, found "
                        + answer.prompt().columns().keySet()));
        List<String> some = texts.stream()
                .map(ReferenceTexts::normalized)
                .filter(text -> !text.isEmpty())
                .toList();
        return some.isEmpty() ? List.of("") : some;
    }

    /** What is compared with them: what follows the model's thinking, normalized. */
    static String given(Answer answer) {
        return normalized(AnswerAccuracy.afterThinking(answer.text().asString()));
    }

    /** A text as it is compared. */
    static String normalized(String text) {
        String bare = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return SPACE.matcher(ARTICLES.matcher(bare).replaceAll(" "))
                .replaceAll(" ")
                .strip();
    }

    /** The words of a normalized text. */
    static List<String> words(String normalized) {
        return normalized.isEmpty() ? List.of() : List.of(normalized.split(" "));
    }
}
