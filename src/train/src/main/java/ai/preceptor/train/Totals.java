package ai.preceptor.train;

/**
 * Totals of an optimizer step.
 *
 * <p>An objective divides its sums by these totals instead of by the size of the micro-batch in hand, so the losses and
 * gradients of the micro-batches of a step add up to those of the step in one piece: eight accumulated micro-batches of
 * one row are one micro-batch of eight, regardless of the rows' lengths.
 *
 * @param rows rows of the step, at least 1
 * @param tokens completion tokens (predicted tokens) of the step, those that the objective counts, at least 0
 */
public record Totals(int rows, int tokens) {

    /** @throws IllegalArgumentException if {@code rows < 1} or {@code tokens < 0} */
    public Totals {
        if (rows < 1) {
            throw new IllegalArgumentException("totals: rows " + rows + ", must be at least 1");
        }
        if (tokens < 0) {
            throw new IllegalArgumentException("totals: tokens " + tokens + ", must not be negative");
        }
    }
}
