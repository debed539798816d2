package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.torch.Scope;
import java.util.Arrays;

/**
 * Which logits lie outside the supports of a batch's targets, as the head's kernels take it: a bit for each, so that it takes a 32nd
 * of what the logits would, however many ids were kept.
 */
final class SupportMask {
    private final int vocabulary;
    private final int tile;
    private final int targets;
    private final int bytesPerTile;
    private final byte[] outside;

    private SupportMask(int targets, int vocabulary, int tile) {
        this.vocabulary = vocabulary;
        this.tile = tile;
        this.targets = targets;
        this.bytesPerTile = (tile + Byte.SIZE - 1) / Byte.SIZE;
        long bytes = (long) tiles() * targets * bytesPerTile;
        if (bytes > Integer.MAX_VALUE - Byte.SIZE) {
            throw new IllegalArgumentException("batch: " + targets + " targets with supports in a vocabulary of "
                    + vocabulary + ", must be at most " + (long) targets * Integer.MAX_VALUE / bytes
                    + "; use a smaller batch_size");
        }
        this.outside = new byte[(int) bytes];
    }

    /**
     * Makes it.
     *
     * @param tile columns of logits that a kernel has at a time
     * @return uint8 {@code [tiles, targets, tile / 8]}, the lowest bit first; empty if no target has a support
     * @throws IllegalArgumentException if an id is not in the vocabulary
     */
    static NDArray of(Scope out, PackedBatch batch, int vocabulary, int tile) {
        if (batch.supports().isEmpty()) {
            return out.bytes(new byte[0], 0);
        }
        SupportMask mask = new SupportMask(batch.targets().length, vocabulary, Math.min(tile, vocabulary));
        batch.supports().forEach((span, support) -> mask.add(batch.spans().get(span), support));
        return out.bytes(mask.outside, mask.tiles(), mask.targets, mask.bytesPerTile);
    }

    private int tiles() {
        return (vocabulary + tile - 1) / tile;
    }

    private void add(Span span, TokenSupports support) {
        for (int token = 0; token < support.tokens(); token++) {
            if (support.isWhole(token)) {
                continue;
            }
            int target = span.from() + token;
            for (int i = 0; i < tiles(); i++) {
                int first = at(target, i);
                Arrays.fill(outside, first, first + bytesPerTile, (byte) -1);
            }
            for (int id : support.ids(token)) {
                if (id >= vocabulary) {
                    throw new IllegalArgumentException(
                            "support of target " + target + ": id " + id + ", must be below " + vocabulary);
                }
                int column = id % tile;
                outside[at(target, id / tile) + column / Byte.SIZE] &= (byte) ~(1 << (column % Byte.SIZE));
            }
        }
    }

    private int at(int target, int i) {
        return (i * targets + target) * bytesPerTile;
    }
}
