package ai.preceptor.teacher.rule;

import ai.preceptor.data.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The overlap of an answer's words with a reference's, 0 to 1, the highest over the prompt's references.
 *
 * <pre>  p = common / words of the answer,  r = common / words of the reference,  F1 = 2 p r / (p + r)</pre>
 *
 * <p>with {@code common} the size of the intersection of the two bags of words, after the normalization that {@link
 * ReferenceTexts} says. Where one has no word, 1 if neither has, else 0. Source: Rajpurkar et al. 2016, SQuAD,
 * arXiv:1606.05250, section 6.1.
 */
public record WordF1() implements ToDoubleFunction<Answer> {
    /** @throws IllegalArgumentException if the prompt has no references */
    @Override
    public double applyAsDouble(Answer answer) {
        List<String> given = ReferenceTexts.words(ReferenceTexts.given(answer));
        return ReferenceTexts.required(answer).stream()
                .mapToDouble(reference -> overlap(given, ReferenceTexts.words(reference)))
                .max()
                .orElseThrow();
    }

    private static double overlap(List<String> given, List<String> reference) {
        if (given.isEmpty() || reference.isEmpty()) {
            return given.equals(reference) ? 1 : 0;
        }
        List<String> left = new ArrayList<>(reference);
        long common = given.stream().filter(left::remove).count();
        if (common == 0) {
            return 0;
        }
        double precision = (double) common / given.size();
        double recall = (double) common / reference.size();
        return 2 * precision * recall / (precision + recall);
    }
}
