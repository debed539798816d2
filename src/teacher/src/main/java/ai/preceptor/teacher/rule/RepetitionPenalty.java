package ai.preceptor.teacher.rule;

import ai.preceptor.data.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Penalizes repeated sequences of n tokens; of n words where the answer's tokens are not known.
 *
 * <pre>  r = (1 - unique n-grams / n-grams) largest</pre>
 *
 * <p>0 for an answer of fewer than n. The stop token counts as a token. Source: Yeo et al. 2025, Demystifying Long Chain-of-Thought Reasoning,
 * arXiv:2502.03373, appendix C.2; TRL's {@code get_repetition_penalty_reward} over tokens, open-r1's over words in
 * lower case.
 *
 * @param size n, 1 or more
 * @param largest of an answer that only repeats, 0 or less
 */
public record RepetitionPenalty(int size, double largest) implements ToDoubleFunction<Answer> {
    /** @throws IllegalArgumentException if the size is below 1, or the penalty is positive or not finite */
    public RepetitionPenalty {
        if (size < 1) {
            throw new IllegalArgumentException("ngram_size: " + size + ", must be at least 1");
        }
        if (!(largest <= 0 && largest > Double.NEGATIVE_INFINITY)) {
            throw new IllegalArgumentException("max_penalty: " + largest + ", must be finite and at most 0");
        }
    }

    /** Three tokens, at most -1: TRL's defaults. */
    public RepetitionPenalty() {
        this(3, -1);
    }

    @Override
    public double applyAsDouble(Answer answer) {
        int[] ids = answer.tokenIds();
        return penalty(
                ids == null
                        ? words(answer.text().asString())
                        : Arrays.stream(ids).boxed().toList());
    }

    /** Of a sequence of words, or of tokens. */
    private double penalty(List<?> sequence) {
        int count = sequence.size() - size + 1;
        if (count < 1) {
            return 0;
        }
        Set<List<?>> unique = new HashSet<>();
        for (int i = 0; i < count; i++) {
            unique.add(sequence.subList(i, i + size));
        }
        return unique.size() == count ? 0 : (1 - (double) unique.size() / count) * largest;
    }

    private static List<String> words(String text) {
        String lower = text.toLowerCase(Locale.ROOT).strip();
        return lower.isEmpty() ? new ArrayList<>() : Arrays.asList(lower.split("\\s+"));
    }
}
