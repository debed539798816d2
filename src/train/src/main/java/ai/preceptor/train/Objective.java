package ai.preceptor.train;

import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the training loop optimizes: how a row becomes tokens, and how log-probabilities become a loss.
 *
 * <p>An implementation holds no model or device, and no mutable state but what {@link #observe} keeps. It packs rows on the way in; on the way out it sees
 * only numbers, so it is tested with numbers on paper. The loop does the rest: the forward passes, the chain rule below
 * the log-probabilities, accumulation, clipping and the optimizer. Metrics that every objective shares ({@code loss},
 * {@code grad_norm}, {@code entropy}, ...) are the loop's too.
 *
 * @param <R> type of a row
 */
public interface Objective<R> {

    /** The configuration's name of the objective, such as {@code dpo}. */
    String name();

    /** A loop's surroundings in which this objective's running figures, if it has any, are kept and saved. */
    default LoopSetting in(LoopSetting setting) {
        return setting;
    }

    /** The exchangeable parts that it is made of, by what they are; {@code loss} with its name by default. */
    default Map<String, String> parts() {
        return Map.of("loss", name());
    }

    /**
     * Adds a row's prompt and its completions to a batch, always {@link #completions} of them and in the same order.
     *
     * @param row the row
     * @param encoder turns texts into token ids
     * @param into the batch under construction
     */
    void pack(R row, PromptEncoder encoder, PackedBatch.Builder into);

    /** How many completions (spans) {@link #pack} adds for this row, at least 1. */
    int completions(R row);

    /** Whether {@link #evaluate} reads the log-probabilities of the frozen reference. */
    boolean needsReference();

    /** What {@link #evaluate} reads of whole distributions in {@link LossInputs#statistics}; nothing by default. */
    default Set<TokenStatistic> statistics() {
        return Set.of();
    }

    /**
     * Those of {@link #statistics} that the loss or its derivative is computed from; without the others a report lacks metrics
     * only. All of them by default.
     */
    default Set<TokenStatistic> lossStatistics() {
        return statistics();
    }

    /**
     * How many of a row's tokens count in the step's {@link Totals#tokens}, over which a token mean is taken; all of them
     * unless the objective says otherwise.
     *
     * @param row the row
     * @param spans its completions, as {@link #pack} added them
     */
    default int tokens(R row, List<Span> spans) {
        return spans.stream().mapToInt(Span::length).sum();
    }

    /**
     * Called in training, once for each micro-batch before it is evaluated, for objectives that keep a running figure;
     * evaluation on held-out rows leaves it out. Nothing by default.
     */
    default void observe(LossInputs<R> in) {}

    /**
     * The loss of a micro-batch and its exact gradient. Pure: the same numbers give the same report.
     *
     * @throws IllegalArgumentException if the spans do not fit the rows
     * @throws IllegalStateException if the reference is needed and missing
     */
    LossReport evaluate(LossInputs<R> in);
}
