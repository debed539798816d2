package ai.preceptor.cli.plan;

import ai.preceptor.lm.weights.Precision;
import org.jspecify.annotations.Nullable;

/**
 * What is to be trained.
 *
 * @param student the model; with a head of one score for a reward model
 * @param teacher a further frozen model in memory, or null
 * @param batch a micro-batch
 * @param microBatches micro-batches of an optimizer step
 * @param precision element type of matrix products
 * @param reference whether the loss compares with a frozen copy of the student
 * @param critic whether a second model of the student's size is trained
 * @param rollouts whether the student writes the answers first
 * @param exact whether forward passes, and the reference, compute in float32 even with bfloat16; never with an adapter
 */
public record Job(
        ModelSize student,
        @Nullable ModelSize teacher,
        Batch batch,
        int microBatches,
        Precision precision,
        boolean reference,
        boolean critic,
        boolean rollouts,
        boolean exact) {
    /** Bytes of a number in matrix products. */
    public long bytes() {
        return precision.bytes();
    }
}
