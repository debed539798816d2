package ai.preceptor.train.reference;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.rows.Packer;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The reference's log-probabilities of all rows, computed before training starts: TRL's
 * {@code precompute_ref_log_probs}. It costs one forward pass over the rows, four bytes a target, and no second model:
 * before the first step the model in training <em>is</em> the reference. With several epochs it is also computed only
 * once.
 *
 * <p>Rows are run in their order, in batches of a fixed size, so that a resumed run gets the same numbers to the last
 * bit in any training order. {@link ReferenceCache} keeps them on disk between runs.
 */
public final class PrecomputedReference<R> implements Reference<R> {

    private final IdentityHashMap<R, float[]> byRow;

    private PrecomputedReference(IdentityHashMap<R, float[]> byRow) {
        this.byRow = byRow;
    }

    /** Log-probabilities that are known already, row by row. */
    static <R> PrecomputedReference<R> of(List<R> rows, List<float[]> logprobs) {
        IdentityHashMap<R, float[]> byRow = new IdentityHashMap<>();
        for (int i = 0; i < logprobs.size(); i++) {
            byRow.put(rows.get(i), logprobs.get(i));
        }
        return new PrecomputedReference<>(byRow);
    }

    /**
     * Runs the reference over {@code rows}.
     *
     * @param rows distinguished by identity: the same objects must be asked for later
     * @param packer how the run packs a row
     * @param batchSize rows that go through the model together, {@code >= 1}
     * @param frozen the reference; when it is the model in training, before its first step and before its state is
     *     loaded
     */
    public static <R> PrecomputedReference<R> compute(
            List<R> rows, Packer<R> packer, int batchSize, FrozenModel frozen) {
        IdentityHashMap<R, float[]> byRow = new IdentityHashMap<>();
        for (int from = 0; from < rows.size(); from += batchSize) {
            List<R> batchRows = rows.subList(from, Math.min(rows.size(), from + batchSize));
            PackedBatch.Builder builder = PackedBatch.builder();
            int[] ends = new int[batchRows.size()];
            for (int i = 0; i < ends.length; i++) {
                packer.pack(batchRows.get(i), builder);
                ends[i] = (i == 0 ? 0 : ends[i - 1]) + targets(batchRows.get(i), packer);
            }
            float[] logprobs = frozen.logprobs(builder.build());
            for (int i = 0; i < ends.length; i++) {
                byRow.put(batchRows.get(i), Arrays.copyOfRange(logprobs, i == 0 ? 0 : ends[i - 1], ends[i]));
            }
        }
        return new PrecomputedReference<>(byRow);
    }

    /** {@code [targets]} of one row. */
    float[] logprobs(R row) {
        float[] own = byRow.get(row);
        if (own == null) {
            throw new IllegalArgumentException("reference: a row that was not among those precomputed: " + row);
        }
        return own;
    }

    @Override
    public float[] logprobs(List<R> rows, PackedBatch batch) {
        float[] all = new float[batch.targets().length];
        int filled = 0;
        for (R row : rows) {
            float[] own = logprobs(row);
            if (filled + own.length > all.length) {
                throw new IllegalArgumentException("reference: a batch of " + all.length
                        + " targets, but its rows have more: they were packed in another way");
            }
            System.arraycopy(own, 0, all, filled, own.length);
            filled += own.length;
        }
        if (filled < all.length) {
            throw new IllegalArgumentException("reference: a batch of " + all.length + " targets, but its rows have "
                    + filled + ": they were packed in another way");
        }
        return all;
    }

    private static <R> int targets(R row, Packer<R> packer) {
        PackedBatch.Builder alone = PackedBatch.builder();
        packer.pack(row, alone);
        return alone.build().targets().length;
    }
}
