package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Segment;
import ai.preceptor.lm.torch.KernelPlan;
import ai.preceptor.lm.torch.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A packed batch on the device: ids, positions' angles, segments cut into blocks of queries, and what each may not see.
 *
 * @param ids int64 {@code [rows]}
 * @param positions int64 {@code [rows]}
 * @param tables for each rotary embedding cosines and sines, float32 {@code [rows, 1, rotated / 2]}
 * @param sources int64 {@code [targets]}
 * @param read int64: the rows that sources name, each once and ascending: all that the last layer has to give
 * @param picks int64 {@code [targets]}: where each source is among these
 * @param segments five numbers a block: prefix start and end, own keys' start, queries' start and end
 * @param masks one a block: float32 {@code [queries * group, keys]}, 0 or minus infinity
 * @param windowMasks the same for layers with a window; empty when there are none
 * @param scores attention scores of one layer, summed over heads: what keeping probabilities would cost
 */
record PackedInputs(
        NDArray ids,
        NDArray positions,
        NDArray[] tables,
        NDArray sources,
        NDArray read,
        NDArray picks,
        long[] segments,
        NDArray[] masks,
        NDArray[] windowMasks,
        long scores) {

    /**
     * Longest run of queries that attends together: long segments are split, so that no square of scores is ever made
     * and few of
     * those are computed and kept that nobody may see. Shorter runs are too small for fast products.
     */
    private static final int QUERY_BLOCK = 96;

    /** @param longest tokens of the longest sequence that counts for the angles: of a batch that this one may be a part of */
    static PackedInputs of(Scope scope, Decoder decoder, PackedBatch batch, int longest) {
        List<Long> cut = new ArrayList<>();
        long scores = 0;
        for (Segment s : batch.segments()) {
            for (int a = s.start(); a < s.end(); a += QUERY_BLOCK) {
                int b = Math.min(a + QUERY_BLOCK, s.end());
                cut.addAll(List.of((long) s.prefixStart(), (long) s.prefixEnd(), (long) s.start(), (long) a, (long) b));
                scores += (long) decoder.config().heads() * (b - a) * (s.prefixLength() + b - s.start());
            }
        }
        long[] segments = cut.stream().mapToLong(Long::longValue).toArray();
        NDArray ids = scope.indices(batch.tokens());
        NDArray[] angles = decoder.angles().of(scope, batch.positions(), longest);
        int window = decoder.config().positions().window();
        int[] read = Arrays.stream(batch.sources()).sorted().distinct().toArray();
        int[] picks = Arrays.stream(batch.sources())
                .map(source -> Arrays.binarySearch(read, source))
                .toArray();
        return new PackedInputs(
                ids,
                scope.indices(batch.positions()),
                angles,
                scope.indices(batch.sources()),
                scope.indices(read),
                scope.indices(picks),
                segments,
                masks(scope, decoder, ids, segments, 0),
                window > 0 ? masks(scope, decoder, ids, segments, window) : new NDArray[0],
                scores);
    }

    private static NDArray[] masks(Scope scope, Decoder decoder, NDArray like, long[] segments, int window) {
        int group = decoder.config().heads() / decoder.config().kvHeads();
        return decoder.torch().kernels().decoder().attentionMasks(scope, like, segments, group, window);
    }

    /** Cosines and sines of a layer; nothing where it turns nothing. */
    NDArray[] tables(KernelPlan layer) {
        int rope = layer.rope();
        return rope < 0 ? new NDArray[0] : new NDArray[] {tables[2 * rope], tables[2 * rope + 1]};
    }

    /** Masks of a layer. */
    NDArray[] masks(KernelPlan layer) {
        return layer.windowed() ? windowMasks : masks;
    }
}
