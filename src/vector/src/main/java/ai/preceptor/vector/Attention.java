package ai.preceptor.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Attention of one query over a row's blocks, in float32. One thread's; its scratch grows with the longest row. */
final class Attention {
    private static final int COLUMNS = KeyValueBlocks.COLUMNS;

    private final KeyValueBlocks store;
    private final float[] mixed;
    private float[] scores = new float[2 * COLUMNS];

    Attention(KeyValueBlocks store) {
        this.store = store;
        this.mixed = new float[store.valueSize()];
    }

    /**
     * Mixes the values that a query sees.
     *
     * @param q query, from {@code from} on
     * @param first first position that is seen
     * @param out takes {@code size} numbers, from {@code to} on
     */
    void attend(StepRow row, int layer, int head, float[] q, int from, float scale, int first, float[] out, int to) {
        int end = row.position() + 1;
        if (scores.length < end + 2 * COLUMNS) {
            scores = new float[2 * (end + COLUMNS)];
        }
        // in rising order: what a block has beyond its tokens is overwritten by the next
        for (int b = first / COLUMNS; b < row.prefix().length && b * COLUMNS < row.ownFrom(); b++) {
            score(row.prefix()[b], layer, head, q, from, b * COLUMNS);
        }
        for (int b = Math.max(0, first - row.ownFrom()) / COLUMNS; row.ownFrom() + b * COLUMNS < end; b++) {
            score(row.own()[b], layer, head, q, from, row.ownFrom() + b * COLUMNS);
        }
        softmax(first, end, scale);
        Arrays.fill(mixed, 0);
        for (int b = first / COLUMNS; b < row.prefix().length && b * COLUMNS < row.ownFrom(); b++) {
            int start = b * COLUMNS;
            mix(row.prefix()[b], layer, head, start, Math.max(first, start), Math.min(row.ownFrom(), start + COLUMNS));
        }
        for (int b = Math.max(0, first - row.ownFrom()) / COLUMNS; row.ownFrom() + b * COLUMNS < end; b++) {
            int start = row.ownFrom() + b * COLUMNS;
            mix(row.own()[b], layer, head, start, Math.max(first, start), Math.min(end, start + COLUMNS));
        }
        System.arraycopy(mixed, 0, out, to, store.size());
    }

    /** Products of the query with all keys of a block. */
    private void score(int block, int layer, int head, float[] q, int from, int at) {
        float[] keys = store.keys(block);
        int offset = store.keyOffset(layer, head);
        int size = store.size();
        for (int c = 0; c < COLUMNS; c += 4 * Lanes.COUNT) {
            FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int d = 0; d < size; d++) {
                int k = offset + d * COLUMNS + c;
                FloatVector x = Lanes.all(q[from + d]);
                s0 = x.fma(Lanes.load(keys, k), s0);
                s1 = x.fma(Lanes.load(keys, k + Lanes.COUNT), s1);
                s2 = x.fma(Lanes.load(keys, k + 2 * Lanes.COUNT), s2);
                s3 = x.fma(Lanes.load(keys, k + 3 * Lanes.COUNT), s3);
            }
            s0.intoArray(scores, at + c);
            s1.intoArray(scores, at + c + Lanes.COUNT);
            s2.intoArray(scores, at + c + 2 * Lanes.COUNT);
            s3.intoArray(scores, at + c + 3 * Lanes.COUNT);
        }
    }

    private void softmax(int first, int end, float scale) {
        for (int i = first; i < end; i += Lanes.COUNT) {
            Lanes.load(scores, i).mul(scale).intoArray(scores, i);
        }
        float top = Lanes.max(scores, first, end - first);
        if (!Float.isFinite(top)) {
            Arrays.fill(scores, first, end, Float.NaN);
            return;
        }
        for (int i = first; i < end; i += Lanes.COUNT) {
            Lanes.exp(Lanes.load(scores, i).sub(top)).intoArray(scores, i);
        }
        int padded = Lanes.padded(end - first);
        Arrays.fill(scores, end, first + padded, 0);
        float factor = 1 / Lanes.sum(scores, first, padded);
        for (int i = first; i < end; i += Lanes.COUNT) {
            Lanes.load(scores, i).mul(factor).intoArray(scores, i);
        }
    }

    /** Adds the values of positions {@code from} to {@code to} of a block that begins at {@code start}. */
    private void mix(int block, int layer, int head, int start, int from, int to) {
        float[] values = store.values(block);
        int size = store.valueSize();
        int offset = store.valueOffset(layer, head) - start * size;
        int d = 0;
        for (; d + 4 * Lanes.COUNT <= size; d += 4 * Lanes.COUNT) {
            FloatVector m0 = Lanes.load(mixed, d);
            FloatVector m1 = Lanes.load(mixed, d + Lanes.COUNT);
            FloatVector m2 = Lanes.load(mixed, d + 2 * Lanes.COUNT);
            FloatVector m3 = Lanes.load(mixed, d + 3 * Lanes.COUNT);
            for (int i = from; i < to; i++) {
                int v = offset + i * size + d;
                FloatVector p = Lanes.all(scores[i]);
                m0 = p.fma(Lanes.load(values, v), m0);
                m1 = p.fma(Lanes.load(values, v + Lanes.COUNT), m1);
                m2 = p.fma(Lanes.load(values, v + 2 * Lanes.COUNT), m2);
                m3 = p.fma(Lanes.load(values, v + 3 * Lanes.COUNT), m3);
            }
            m0.intoArray(mixed, d);
            m1.intoArray(mixed, d + Lanes.COUNT);
            m2.intoArray(mixed, d + 2 * Lanes.COUNT);
            m3.intoArray(mixed, d + 3 * Lanes.COUNT);
        }
        for (; d < size; d += Lanes.COUNT) {
            FloatVector m = Lanes.load(mixed, d);
            for (int i = from; i < to; i++) {
                m = Lanes.all(scores[i]).fma(Lanes.load(values, offset + i * size + d), m);
            }
            m.intoArray(mixed, d);
        }
    }
}
