package ai.preceptor.vector;

import java.util.Arrays;

/**
 * Changes of single logits of a row before the temperature, in this order.
 *
 * @param allowed the only ids that stay open; empty if all do
 * @param biased ids that something is added to
 * @param biases what is added, minus infinity to close an id
 * @param repeated ids whose logits are divided by a factor if they are positive, else multiplied
 * @param factors by which
 * @param penalized ids that something is added to
 * @param penalties what is added
 */
@SuppressWarnings("ArrayRecordComponent") // read once, compared by nobody
public record LogitEdit(
        int[] allowed,
        int[] biased,
        float[] biases,
        int[] repeated,
        float[] factors,
        int[] penalized,
        float[] penalties) {

    /** Changes nothing. */
    public static final LogitEdit NONE =
            new LogitEdit(new int[0], new int[0], new float[0], new int[0], new float[0], new int[0], new float[0]);

    boolean isEmpty() {
        return allowed.length + biased.length + repeated.length + penalized.length == 0;
    }

    /** Changes {@code n} logits in place. */
    void apply(float[] z, int n) {
        if (allowed.length > 0) {
            float[] kept = new float[allowed.length];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = z[allowed[i]];
            }
            Arrays.fill(z, 0, n, Float.NEGATIVE_INFINITY);
            for (int i = 0; i < kept.length; i++) {
                z[allowed[i]] = kept[i];
            }
        }
        for (int i = 0; i < biased.length; i++) {
            z[biased[i]] += biases[i];
        }
        for (int i = 0; i < repeated.length; i++) {
            float seen = z[repeated[i]];
            z[repeated[i]] = seen > 0 ? seen / factors[i] : seen * factors[i];
        }
        for (int i = 0; i < penalized.length; i++) {
            z[penalized[i]] += penalties[i];
        }
    }
}
