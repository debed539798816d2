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
 * A packed batch on the device: ids, positions' angles, segments cut into blocks of queries, and what these may not see.
 *
 * @param ids int64 {@code [rows]}
 * @param positions int64 {@code [rows]}
 * @param tables for each rotary embedding cosines and sines, float32 {@code [rows, 1, rotated / 2]}
 * @param sources int64 {@code [targets]}
 * @param read int64: the rows that sources name, each once and ascending: all that the last layer has to give
 * @param picks int64 {@code [targets]}: where each source is among these
 * @param segments five numbers a block: prefix start and end, own keys' start, queries' start and end
 * @param mask one for all blocks, as {@link ai.preceptor.lm.torch.DecoderKernels#attentionMask} gives it
 * @param windowSegments the segments of layers with a window, without the keys that it hides from a whole block
 * @param windowMask the mask of layers with a window
 * @param scores attention scores of one layer, summed over heads: what keeping probabilities would cost at most
 */
record PackedInputs(
        NDArray ids,
        NDArray positions,
        NDArray[] tables,
        NDArray sources,
        NDArray read,
        NDArray picks,
        long[] segments,
        NDArray mask,
        long[] windowSegments,
        NDArray windowMask,
        long scores) {

    /**
     * Longest run of queries that attends together: long segments are split, so that no square of scores is ever made
     * and few of
     * those are computed and kept that nobody may see. Shorter runs are too small for fast products.
     */
    private static final int QUERY_BLOCK = 96;

    /** Numbers of a block. */
    private static final int NUMBERS = 5;

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
        NDArray mask = mask(scope, decoder, ids, 0);
        int window = decoder.config().positions().window();
        boolean hides = window > 0
                && batch.segments().stream().anyMatch(segment -> segment.prefixLength() + segment.length() > window);
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
                mask,
                hides ? within(segments, window) : segments,
                hides ? mask(scope, decoder, ids, window) : mask,
                scores);
    }

    private static NDArray mask(Scope scope, Decoder decoder, NDArray like, int window) {
        int group = decoder.config().heads() / decoder.config().kvHeads();
        return decoder.torch().kernels().decoder().attentionMask(scope, like, QUERY_BLOCK, group, window);
    }

    /** Segments from the first key on that a block's first query sees; the prefix counts as if it ended where own keys start. */
    private static long[] within(long[] segments, int window) {
        long[] cut = segments.clone();
        for (int i = 0; i < cut.length; i += NUMBERS) {
            long own = cut[i + 2];
            long first = cut[i + 3] - window + 1;
            cut[i] = Math.max(cut[i], cut[i + 1] - Math.max(0, own - first));
            cut[i + 2] = Math.max(own, first);
        }
        return cut;
    }

    /** Cosines and sines of a layer; nothing where it turns nothing. */
    NDArray[] tables(KernelPlan layer) {
        int rope = layer.rope();
        return rope < 0 ? new NDArray[0] : new NDArray[] {tables[2 * rope], tables[2 * rope + 1]};
    }

    /** Segments of a layer. */
    long[] segments(KernelPlan layer) {
        return layer.windowed() ? windowSegments : segments;
    }

    /** Mask of a layer. */
    NDArray mask(KernelPlan layer) {
        return layer.windowed() ? windowMask : mask;
    }
}
