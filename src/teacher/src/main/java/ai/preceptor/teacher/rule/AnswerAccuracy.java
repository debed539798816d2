package ai.preceptor.teacher.rule;

import ai.preceptor.data.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

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
        String reference = reference(answer.prompt().columns());
        FinalValue expected = FinalValue.reference(reference)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the reference \"" + reference + "\" has no number and is no choice A to E"));
        Optional<FinalValue> found = expected.sought(afterThinking(answer.text().asString()));
        return found.isPresent() && found.get().isSame(expected) ? 1 : 0;
    }

    private static String reference(Map<String, @Nullable Object> columns) {
        for (String column : COLUMNS) {
            Object value = columns.get(column);
            if (value != null) {
                return value.toString();
            }
        }
        throw new IllegalArgumentException(
                "the prompt has none of the columns " + COLUMNS + ", found " + columns.keySet());
    }

    /** Empty while the thinking has no end. */
    private static String afterThinking(String text) {
        int end = text.lastIndexOf(CLOSE);
        if (end >= 0) {
            return text.substring(end + CLOSE.length());
        }
        return text.contains(OPEN) ? "" : text;
    }
}
