package ai.preceptor.lm.batch;

/**
 * One stretch of a packed batch that attends as a unit: the tokens {@code start..end} see all of
 * {@code prefixStart..prefixEnd} and, causally, themselves. All ranges are half-open rows of the batch.
 *
 * @param prefixStart first row of the prefix
 * @param prefixEnd one past the last row of the prefix; equal to {@code prefixStart} for a prompt, which has none
 * @param start first own row, not before {@code prefixEnd}
 * @param end one past the last own row, after {@code start}
 */
public record Segment(int prefixStart, int prefixEnd, int start, int end) {

    /** @throws IllegalArgumentException unless {@code 0 <= prefixStart <= prefixEnd <= start < end} */
    public Segment {
        if (prefixStart < 0 || prefixEnd < prefixStart || start < prefixEnd || end <= start) {
            throw new IllegalArgumentException("segment: prefix [" + prefixStart + ", " + prefixEnd + "), own [" + start
                    + ", " + end + "), must be 0 <= prefixStart <= prefixEnd <= start < end");
        }
    }

    /** How many rows the prefix has. */
    public int prefixLength() {
        return prefixEnd - prefixStart;
    }

    /** How many rows of its own the segment has. */
    public int length() {
        return end - start;
    }
}
