package ai.preceptor.lm.batch;

/**
 * A half-open range {@code [from, to)} of a batch's targets: the tokens of one completion.
 *
 * @param from first index, 0 or more
 * @param to one past the last index, at least {@code from}
 */
public record Span(int from, int to) {

    /** @throws IllegalArgumentException if {@code from} is negative or {@code to} lies before it */
    public Span {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("span: [" + from + ", " + to + "), must be 0 <= from <= to");
        }
    }

    /** How many tokens the completion has. */
    public int length() {
        return to - from;
    }

    /**
     * Sum of the values in this range, in double precision.
     *
     * @param values {@code [targets]}, such as the batch's log-probabilities
     */
    public double sum(float[] values) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }
}
