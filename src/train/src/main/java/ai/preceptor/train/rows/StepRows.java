package ai.preceptor.train.rows;

import java.util.List;

/**
 * The rows of one optimizer step.
 *
 * @param microBatches in order; empty when the source has no more rows
 * @param epoch passes over the source once this step is done, counting the part of a pass: 0.5 is half the rows
 */
public record StepRows<R>(List<MicroBatch<R>> microBatches, double epoch) {

    public StepRows {
        microBatches = List.copyOf(microBatches);
    }

    /** What a source gives when it has no more rows. */
    public static <R> StepRows<R> exhausted(double epoch) {
        return new StepRows<>(List.of(), epoch);
    }

    /** Whether the source has no more rows. */
    public boolean isExhausted() {
        return microBatches.isEmpty();
    }
}
