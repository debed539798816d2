package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Numbers of rows whose matrix products give identical bits. A library sums in another order when a matrix has more or
 * fewer rows, which may turn a sample; so only widths are used that gave, for each shape of the model, the same bits as
 * {@link #REFERENCE} rows when the model was loaded. On processors in bfloat16 that is often every width, in float32
 * few.
 *
 * <p>The order may also depend on the number of threads, so samples are the same on workers with equally many.
 */
final class RowWidths {
    /** The width that others are compared with; it is always among the proven. */
    static final int REFERENCE = 64;

    private static final long[] CANDIDATES = {1, 2, 4, 8, 16, 24, 32, 40, 48, 56, REFERENCE, 96, 128};

    private final int[] proven;

    private RowWidths(int[] proven) {
        this.proven = proven;
    }

    /** Tries all candidates on all shapes of a model's matrices. */
    static RowWidths probe(Torch torch, NDArray[] matrices) {
        boolean[] same = new boolean[CANDIDATES.length];
        Arrays.fill(same, true);
        Set<String> seen = new LinkedHashSet<>();
        for (NDArray matrix : matrices) {
            probe(torch.kernels().decode(), matrix, same, seen, torch.scope());
        }
        int[] proven = IntStream.range(0, same.length)
                .filter(i -> same[i])
                .map(i -> (int) CANDIDATES[i])
                .toArray();
        return new RowWidths(proven);
    }

    private static void probe(DecodeKernels kernels, NDArray matrix, boolean[] same, Set<String> seen, Scope scope) {
        try (scope) {
            if (matrix.getShape().size() > 0 && seen.add(matrix.getShape().toString())) {
                long[] equal = kernels.sameRounding(scope, matrix, CANDIDATES, REFERENCE)
                        .toLongArray();
                for (int i = 0; i < same.length; i++) {
                    same[i] &= equal[i] == 1;
                }
            }
        }
    }

    /** The widest proven. */
    int most() {
        return proven[proven.length - 1];
    }

    /** The narrowest proven width that holds so many rows, at most {@link #most}. */
    int of(int rows) {
        return Arrays.stream(proven)
                .filter(width -> width >= rows)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(rows + " rows, at most " + most() + " at once"));
    }

    /** Proven widths that together hold so many rows. */
    long[] pieces(int rows) {
        int whole = rows / most();
        int rest = rows % most();
        long[] pieces = new long[whole + (rest > 0 ? 1 : 0)];
        Arrays.fill(pieces, most());
        if (rest > 0) {
            pieces[whole] = of(rest);
        }
        return pieces;
    }
}
