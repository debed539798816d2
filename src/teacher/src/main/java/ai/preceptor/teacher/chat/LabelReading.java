package ai.preceptor.teacher.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How likely labels are as the first token of a reply.
 *
 * @param logprobs natural-log probability of each label, in the order of the request, over the whole vocabulary at
 *     temperature 1; finite, or minus infinity for a label that the model rules out. Empty where they could not be read
 * @param problem null if there are some, else why not
 * @param isAnswered whether the model replied, with or without the labels
 */
public record LabelReading(List<Double> logprobs, @Nullable String problem, boolean isAnswered) {
    /** @throws IllegalArgumentException if a value is NaN or above 0 by more than rounding, or there are both or neither */
    public LabelReading {
        logprobs = List.copyOf(logprobs);
        for (double value : logprobs) {
            if (!(value <= 1e-3)) {
                throw new IllegalArgumentException("log-probability: received " + value + ", expected 0 or less");
            }
        }
        if (logprobs.isEmpty() == (problem == null)) {
            throw new IllegalArgumentException(
                    "expected log-probabilities or a problem, received " + logprobs + " and " + problem);
        }
    }

    /** Log-probabilities. */
    public static LabelReading of(List<Double> logprobs) {
        return new LabelReading(logprobs, null, true);
    }

    /** None, since there is no reply, and why. */
    public static LabelReading unanswered(String why) {
        return new LabelReading(List.of(), why, false);
    }

    /** None, since the reply does not tell those of all labels. */
    public static LabelReading absent(String why) {
        return new LabelReading(List.of(), why, true);
    }

    /** True if there are some. */
    public boolean isRead() {
        return problem == null;
    }
}
