package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.rope.RopeParameters;
import ai.preceptor.formats.rope.RopeTable;
import ai.preceptor.lm.torch.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rotary tables of a model, computed as far as positions have been asked for. */
public final class RotaryAngles {
    /** Positions whose angles are computed together; the table doubles when a sequence is longer. */
    private static final int FIRST_POSITIONS = 1024;

    private final DecoderConfig config;
    private final List<RopeTable> tables = new ArrayList<>();

    /** Of a model. */
    public RotaryAngles(DecoderConfig config) {
        this.config = config;
    }

    /**
     * Cosines and sines of given positions.
     *
     * @param positions of rows of a batch
     * @param length of the batch's longest sequence: where angles depend on the length, it counts for all rows, as in a
     *     padded batch of transformers
     * @return for each rotary embedding cosines and sines, float32 {@code [positions, 1, rotated / 2]}
     * @throws DataException when a learned table has no such position
     */
    NDArray[] of(Scope scope, int[] positions, int length) {
        checkLearned(Arrays.stream(positions).max().orElse(0) + 1);
        NDArray[] angles = new NDArray[2 * config.positions().ropes().size()];
        for (int r = 0; 2 * r < angles.length; r++) {
            RopeTable table = table(r, length);
            angles[2 * r] = gathered(scope, table.cos(), table.angles(), positions);
            angles[2 * r + 1] = gathered(scope, table.sin(), table.angles(), positions);
        }
        return angles;
    }

    private static NDArray gathered(Scope scope, float[] table, int half, int[] positions) {
        float[] rows = new float[positions.length * half];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(table, positions[i] * half, rows, i * half, half);
        }
        return scope.floats(rows, positions.length, 1, half);
    }

    private RopeTable table(int r, int length) {
        RopeParameters rope = config.positions().ropes().get(r);
        if (length > rope.steadyLength()) {
            return RopeTable.of(rope, config.headDim(), length, length);
        }
        while (tables.size() <= r) {
            tables.add(RopeTable.of(config.positions().ropes().get(tables.size()), config.headDim(), FIRST_POSITIONS));
        }
        if (length > tables.get(r).positions()) {
            tables.set(r, RopeTable.of(rope, config.headDim(), Integer.highestOneBit(length - 1) * 2));
        }
        return tables.get(r);
    }

    /**
     * Whole tables for generation, whose rows grow by a token at a time: row p is what a sequence of p + 1 tokens has.
     *
     * @param positions how many rows
     * @return for each rotary embedding cosines and sines, float32 {@code [positions, rotated / 2]}
     * @throws DataException when a learned table has fewer positions, or LongRoPE would have to change within a sequence
     */
    public NDArray[] growing(Scope scope, int positions) {
        checkLearned(positions);
        NDArray[] tables = new NDArray[2 * config.positions().ropes().size()];
        for (int r = 0; 2 * r < tables.length; r++) {
            RopeTable table = RopeTable.growing(config.positions().ropes().get(r), config.headDim(), positions);
            tables[2 * r] = scope.floats(table.cos(), positions, table.angles());
            tables[2 * r + 1] = scope.floats(table.sin(), positions, table.angles());
        }
        return tables;
    }

    private void checkLearned(int length) {
        int learned = config.positions().learned();
        if (learned > 0 && length > learned) {
            throw new DataException("sequence of " + length + " tokens: the model has learned " + learned
                    + " positions; expected at most as many tokens");
        }
    }
}
