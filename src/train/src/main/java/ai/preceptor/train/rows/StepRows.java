package ai.preceptor.train.rows;

import java.util.List;

/**
 * The rows of one optimizer step.
 *
 * @param microBatches in order; empty when the source has no more rows, and where other learners have all rows of the step
 * @param epoch passes over the source once this step is done, counting the part of a pass: 0.5 is half the rows
 * @param isExhausted whether the source has no more rows
 */
public record StepRows<R>(List<MicroBatch<R>> microBatches, double epoch, boolean isExhausted) {

    public StepRows {
        microBatches = List.copyOf(microBatches);
    }

    /** All rows of a step. */
    public StepRows(List<MicroBatch<R>> microBatches, double epoch) {
        this(microBatches, epoch, microBatches.isEmpty());
    }

    /** What a source gives when it has no more rows. */
    public static <R> StepRows<R> exhausted(double epoch) {
        return new StepRows<>(List.of(), epoch);
    }
}
