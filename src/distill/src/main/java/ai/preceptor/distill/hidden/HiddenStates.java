package ai.preceptor.distill.hidden;

import ai.preceptor.lm.batch.Span;
import java.util.List;

/**
 * Hidden states at the loss tokens of some rows.
 *
 * @param values {@code [tokens * width]}: token by token
 * @param width numbers of one token
 * @param rows one span of tokens a row, in order; together they cover all
 */
@SuppressWarnings("ArrayRecordComponent") // numbers to compute with, compared by nobody
public record HiddenStates(float[] values, int width, List<Span> rows) {

    /** @throws IllegalArgumentException if the values do not fill whole tokens, or rows do not cover them */
    public HiddenStates {
        rows = List.copyOf(rows);
        int covered = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).to();
        if (width < 1 || values.length != (long) covered * width) {
            throw new IllegalArgumentException("hidden states: " + values.length + " numbers of width " + width
                    + " for " + covered + " tokens, must be tokens * width");
        }
    }

    /** How many tokens. */
    public int tokens() {
        return values.length / width;
    }

    /** Length of a token's vector, at least {@code 1e-12}, so that it can be divided by. */
    double norm(int token) {
        double sum = 0;
        for (int d = token * width; d < (token + 1) * width; d++) {
            sum += (double) values[d] * values[d];
        }
        return Math.max(Math.sqrt(sum), 1e-12);
    }
}
