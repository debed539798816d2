package ai.preceptor.train;

import ai.preceptor.lm.TokenStatistics;
import ai.preceptor.lm.batch.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one micro-batch, as input of an objective.
 *
 * @param <R> type of a row
 * @param rows the rows, in the order they were packed
 * @param spans one per completion, row by row and in the order each row packed its completions: the half-open range of
 *     the completion's tokens in {@code logprobs}
 * @param logprobs {@code [targets]}: log-probability in nats of each completion token under the model in training
 * @param reference {@code [targets]}: the same under the frozen reference; null for an objective that needs none
 * @param step totals of the whole optimizer step
 * @param statistics of the distributions the log-probabilities were read from: what {@link Objective#statistics} asks
 *     for; null where an objective that asks for nothing is evaluated by hand
 */
public record LossInputs<R>(
        List<R> rows,
        List<Span> spans,
        float[] logprobs,
        float @Nullable [] reference,
        Totals step,
        @Nullable TokenStatistics statistics) {

    /** Without statistics. */
    public LossInputs(List<R> rows, List<Span> spans, float[] logprobs, float @Nullable [] reference, Totals step) {
        this(rows, spans, logprobs, reference, step, null);
    }

    /** @throws IllegalArgumentException if a span leaves {@code logprobs}, or {@code reference} has another length */
    public LossInputs {
        rows = List.copyOf(rows);
        spans = List.copyOf(spans);
        if (reference != null && reference.length != logprobs.length) {
            throw new IllegalArgumentException("loss inputs: " + reference.length
                    + " reference log-probabilities, must be as many as the policy's: " + logprobs.length);
        }
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            if (span.to() > logprobs.length) {
                throw new IllegalArgumentException("loss inputs: span " + i + " is [" + span.from() + ", " + span.to()
                        + "), must lie within the " + logprobs.length + " log-probabilities");
            }
        }
    }

    /**
     * The reference's log-probabilities.
     *
     * @throws IllegalStateException if there are none
     */
    public float[] requireReference() {
        if (reference == null) {
            throw new IllegalStateException(
                    "loss inputs: no reference log-probabilities, but the objective needs them");
        }
        return reference;
    }

    /**
     * The statistics.
     *
     * @throws IllegalStateException if there are none
     */
    public TokenStatistics requireStatistics() {
        if (statistics == null) {
            throw new IllegalStateException("loss inputs: no token statistics, but the objective needs them");
        }
        return statistics;
    }

    /**
     * Checks that the micro-batch has as many spans as the objective's rows make.
     *
     * @throws IllegalArgumentException if it has more or fewer
     */
    public void requireSpans(int expected) {
        if (spans.size() != expected) {
            throw new IllegalArgumentException(
                    "loss inputs: " + spans.size() + " spans for " + rows.size() + " rows, must be " + expected);
        }
    }
}
