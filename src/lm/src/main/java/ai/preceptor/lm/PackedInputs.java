package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * A packed batch on the device: ids, positions' angles, segments cut into blocks of queries, and what each may not see.
 *
 * @param ids int64 {@code [rows]}
 * @param tables cosines and sines, float32 {@code [rows, 1, rotated / 2]}
 * @param sources int64 {@code [targets]}
 * @param segments five numbers a block: prefix start and end, own keys' start, queries' start and end
 * @param masks one a block: float32 {@code [group * queries, keys]}, 0 or minus infinity
 * @param scores attention scores of one layer, summed over heads: what keeping probabilities would cost
 */
record PackedInputs(NDArray ids, NDArray[] tables, NDArray sources, long[] segments, NDArray[] masks, long scores) {

    /** Longest run of queries that attends at once: long segments are cut, so that no square of scores is ever made. */
    private static final int QUERY_BLOCK = 256;

    static PackedInputs of(Scope scope, Decoder decoder, PackedBatch batch) {
        List<Long> cut = new ArrayList<>();
        long scores = 0;
        for (Segment s : batch.segments()) {
            for (int a = s.start(); a < s.end(); a += QUERY_BLOCK) {
                int b = Math.min(a + QUERY_BLOCK, s.end());
                cut.addAll(List.of((long) s.prefixStart(), (long) s.prefixEnd(), (long) s.start(), (long) a, (long) b));
                scores += (long) decoder.heads() * (b - a) * (s.prefixLength() + b - s.start());
            }
        }
        long[] segments = cut.stream().mapToLong(Long::longValue).toArray();
        NDArray ids = scope.indices(batch.tokens());
        NDArray[] angles = decoder.angles(scope, batch.positions());
        NDArray[] masks = decoder.torch()
                .kernels()
                .callMany(scope, "attention_masks", angles[0], segments, decoder.group(), decoder.window());
        return new PackedInputs(ids, angles, scope.indices(batch.sources()), segments, masks, scores);
    }
}
