package ai.preceptor.train;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.List;
import java.util.Map;

/**
 * The same port as {@link Objective} for a model that gives one number per answer instead of log-probabilities.
 *
 * @param <R> type of a row
 */
public interface RewardObjective<R> {

    /** The configuration's name of the objective, such as {@code bradley_terry}. */
    String name();

    /** The exchangeable parts that it is made of, by what they are; {@code loss} with its name by default. */
    default Map<String, String> parts() {
        return Map.of("loss", name());
    }

    /**
     * Adds a row's prompt and its answers to a batch, always {@link #completions} of them and in the same order. Answers
     * are added with {@link PackedBatch.Builder#answer}: the reward is read at their last token, which must be fed.
     */
    void pack(R row, PromptEncoder encoder, PackedBatch.Builder into);

    /** How many completions, and so rewards, {@link #pack} adds for this row, at least 1. */
    int completions(R row);

    /**
     * The loss of a micro-batch and its exact gradient. Pure: the same numbers give the same report.
     *
     * @param rows the rows in the order they were packed
     * @param rewards {@code [completions]}: the model's reward at the last token of each completion
     * @param step totals of the whole optimizer step
     * @throws IllegalArgumentException if there are more or fewer rewards than the rows make
     */
    RewardLossReport evaluate(List<R> rows, float[] rewards, Totals step);
}
