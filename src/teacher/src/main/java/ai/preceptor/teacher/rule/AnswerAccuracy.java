package ai.preceptor.teacher.rule;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * 1 if the answer's final value is that of the prompt's reference, else 0. An answer without a value, or that breaks off
 * within {@code <think>}, gets 0. Values are numbers, or choices A to E where the reference is one; {@link FinalValue} says
 * how they are found and compared.
 *
 * <p>The reference is the prompt's column {@code answer}, else {@code solution}, else {@code ground_truth}: the value alone,
 * or a worked solution that ends in one, such as GSM8K's {@code #### 42} or MATH's {@code \boxed{42}}.
 *
 * <p>Departures from TRL's {@code accuracy_reward}: no symbolic algebra. A reference that is no number or choice leaves the
 * answer unscored, as there.
 */
public record AnswerAccuracy() implements ToDoubleFunction<Answer> {
    private static final List<String> COLUMNS = List.of("answer", "solution", "ground_truth");
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    /** @throws IllegalArgumentException if the prompt has none of the columns, or no value is in it */
    @Override
    public double applyAsDouble(Answer answer) {
        String reference = reference(answer.prompt())
                .orElseThrow(() -> new IllegalArgumentException("the prompt has none of the columns " + COLUMNS
                        + ", found " + answer.prompt().columns().keySet()));
        FinalValue expected = FinalValue.reference(reference)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the reference \"" + reference + "\" has no number and is not a choice A to E"));
        Optional<FinalValue> found = expected.sought(afterThinking(answer.text().asString()));
        return found.isPresent() && found.get().isSame(expected) ? 1 : 0;
    }

    /** What a prompt's answers are compared with, as its row has it; empty if it has none of the columns. */
    public static Optional<String> reference(Prompt prompt) {
        return COLUMNS.stream()
                .map(column -> prompt.columns().get(column))
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .findFirst();
    }

    /** Whether a prompt has a reference with a number or a choice, so that its answers can be compared with it. */
    public static boolean isComparable(Prompt prompt) {
        return reference(prompt).flatMap(FinalValue::reference).isPresent();
    }

    /** What a reference ends in: the content of its last {@code \boxed{}}, else what follows its last {@code ####}, else all. */
    public static String finalAnswer(String reference) {
        return FinalValue.place(reference).strip();
    }

    /** Empty while the thinking has no end. */
    static String afterThinking(String text) {
        int end = text.lastIndexOf(CLOSE);
        if (end >= 0) {
            return text.substring(end + CLOSE.length());
        }
        return text.contains(OPEN) ? "" : text;
    }
}
