package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;

/**
 * A layer's attention at a batch's sources, from what each block of queries has.
 *
 * @param segments five numbers a block, as {@link PackedInputs} has them for layers without a window
 * @param sources {@code [targets]}: rows of the batch
 * @param blocks {@code [queries, keys]} each, the mean over heads; in a layer with a window perhaps of the last keys alone
 */
@SuppressWarnings("ArrayRecordComponent") // of one pass, compared by nobody
record AttentionTap(long[] segments, int[] sources, NDArray[] blocks) {
    private static final int NUMBERS = 5;

    /**
     * The probabilities, {@code [targets][keys]}: a source's prefix, then its own segment up to the end of its block, of which
     * what comes after it is 0, as is what a window hides.
     */
    float[][] rows() {
        float[][] whole = new float[blocks.length][];
        float[][] rows = new float[sources.length][];
        for (int target = 0; target < sources.length; target++) {
            int block = block(sources[target]);
            if (whole[block] == null) {
                whole[block] = blocks[block].toFloatArray();
            }
            int seen = seen(block);
            rows[target] = new float[keys(block)];
            System.arraycopy(
                    whole[block], query(block, sources[target]) * seen, rows[target], keys(block) - seen, seen);
        }
        return rows;
    }

    /** The gradient of the blocks from that of {@link #rows}; a source that several targets share has their sum. */
    NDArray[] gradient(Scope scope, float[][] rows) {
        float[][] whole = new float[blocks.length][];
        for (int block = 0; block < whole.length; block++) {
            whole[block] = new float[queries(block) * seen(block)];
        }
        for (int target = 0; target < sources.length; target++) {
            int block = block(sources[target]);
            int seen = seen(block);
            int from = query(block, sources[target]) * seen;
            for (int key = 0; key < seen; key++) {
                whole[block][from + key] += rows[target][keys(block) - seen + key];
            }
        }
        NDArray[] gradient = new NDArray[blocks.length];
        for (int block = 0; block < gradient.length; block++) {
            gradient[block] = scope.floats(whole[block], queries(block), seen(block));
        }
        return gradient;
    }

    private int block(int source) {
        for (int block = 0; block < blocks.length; block++) {
            if (source >= at(block, 3) && source < at(block, 4)) {
                return block;
            }
        }
        throw new IllegalStateException("source " + source + " is in no segment");
    }

    private int query(int block, int source) {
        return source - at(block, 3);
    }

    private int queries(int block) {
        return at(block, 4) - at(block, 3);
    }

    private int keys(int block) {
        return at(block, 1) - at(block, 0) + at(block, 4) - at(block, 2);
    }

    private int seen(int block) {
        return Math.toIntExact(blocks[block].getShape().get(1));
    }

    private int at(int block, int number) {
        return Math.toIntExact(segments[NUMBERS * block + number]);
    }
}
