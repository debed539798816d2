package ai.preceptor.teacher.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How likely labels are as the first token of a reply.
 *
 * @param logprobs natural-log probability of each label, in the order of the request, over the whole vocabulary at
 *     temperature 1; finite, or minus infinity for a label that the model rules out. Empty where they could not be read
 * @param problem null if there are some, else why not
 */
public record LabelReading(List<Double> logprobs, @Nullable String problem) {
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
        return new LabelReading(logprobs, null);
    }

    /** None, and why. */
    public static LabelReading unread(String why) {
        return new LabelReading(List.of(), why);
    }

    /** True if there are some. */
    public boolean isRead() {
        return problem == null;
    }

    /**
     * The softmax over the labels alone.
     *
     * @return probability of each label, sum 1; NaN where all are ruled out
     * @throws IllegalStateException if there are none
     */
    public double[] probabilities() {
        if (!isRead()) {
            throw new IllegalStateException("no log-probabilities: " + problem);
        }
        double most = logprobs.stream().mapToDouble(x -> x).max().orElseThrow();
        double[] weights =
                logprobs.stream().mapToDouble(x -> Math.exp(x - most)).toArray();
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }
}
