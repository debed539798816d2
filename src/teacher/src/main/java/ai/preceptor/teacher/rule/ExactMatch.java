package ai.preceptor.teacher.rule;

import ai.preceptor.data.Answer;
import java.util.function.ToDoubleFunction;

/**
 * 1 if the answer is one of the prompt's references, both normalized as {@link ReferenceTexts} says, else 0. Source:
 * Rajpurkar et al. 2016, SQuAD, arXiv:1606.05250, section 6.1.
 */
public record ExactMatch() implements ToDoubleFunction<Answer> {
    /** @throws IllegalArgumentException if the prompt has no references */
    @Override
    public double applyAsDouble(Answer answer) {
        return ReferenceTexts.required(answer).contains(ReferenceTexts.given(answer)) ? 1 : 0;
    }
}
