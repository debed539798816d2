package ai.preceptor.teacher.rule;

import ai.preceptor.data.Answer;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * 1 if the answer begins with {@code <think>}, has it only once, and has {@code </think>} later, else 0. What follows is the
 * answer proper and may be anything. Source: TRL's {@code think_format_reward}.
 */
public record ThinkFormat() implements ToDoubleFunction<Answer> {
    private static final Pattern FORMAT = Pattern.compile("<think>(?!.*<think>).*</think>.*", Pattern.DOTALL);

    @Override
    public double applyAsDouble(Answer answer) {
        return FORMAT.matcher(answer.text().asString()).matches() ? 1 : 0;
    }
}
