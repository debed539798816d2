package ai.preceptor.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of a row's query over its blocks, in float32, or of two queries that read the same keys, so that each key and value is loaded
 * once for both. One thread's; its scratch grows with the longest row.
 */
final class Attention {
    /** Most queries at once. */
    static final int QUERIES = 2;

    private static final int COLUMNS = KeyValueBlocks.COLUMNS;

    private final KeyValueBlocks store;
    /** A query's mixed values, then the other's. */
    private final float[] mixed;
    /** A query's scores by position, then the other's from {@link #other} on. */
    private float[] scores = new float[0];

    private int other;

    Attention(KeyValueBlocks store) {
        this.store = store;
        this.mixed = new float[QUERIES * store.valueSize()];
    }

    /**
     * Mixes the values that queries see.
     *
     * @param head that the queries read
     * @param queries 1 or 2
     * @param q the queries side by side, {@code size} numbers each, from {@code from} on
     * @param first first position that is seen
     * @param out takes {@code size} numbers of each, from {@code to} on
     */
    void attend(
            StepRow row,
            int layer,
            int head,
            int queries,
            float[] q,
            int from,
            float scale,
            int first,
            float[] out,
            int to) {
        int end = row.position() + 1;
        if (other < end + 2 * COLUMNS) {
            other = 2 * (end + COLUMNS);
            scores = new float[QUERIES * other];
        }
        // in rising order: what a block has beyond its tokens is overwritten by the next
        for (int b = first / COLUMNS; b < row.prefix().length && b * COLUMNS < row.ownFrom(); b++) {
            score(row.prefix()[b], layer, head, queries, q, from, b * COLUMNS);
        }
        for (int b = Math.max(0, first - row.ownFrom()) / COLUMNS; row.ownFrom() + b * COLUMNS < end; b++) {
            score(row.own()[b], layer, head, queries, q, from, row.ownFrom() + b * COLUMNS);
        }
        for (int query = 0; query < queries; query++) {
            softmax(query * other + first, query * other + end, scale);
        }
        Arrays.fill(mixed, 0);
        for (int b = first / COLUMNS; b < row.prefix().length && b * COLUMNS < row.ownFrom(); b++) {
            int start = b * COLUMNS;
            int last = Math.min(row.ownFrom(), start + COLUMNS);
            mix(row.prefix()[b], layer, head, queries, start, Math.max(first, start), last);
        }
        for (int b = Math.max(0, first - row.ownFrom()) / COLUMNS; row.ownFrom() + b * COLUMNS < end; b++) {
            int start = row.ownFrom() + b * COLUMNS;
            int last = Math.min(end, start + COLUMNS);
            mix(row.own()[b], layer, head, queries, start, Math.max(first, start), last);
        }
        for (int query = 0; query < queries; query++) {
            System.arraycopy(mixed, query * store.valueSize(), out, to + query * store.size(), store.size());
        }
    }

    /** Products of queries with all keys of a block. */
    private void score(int block, int layer, int head, int queries, float[] q, int from, int at) {
        float[] keys = store.keys(block);
        int offset = store.keyOffset(layer, head);
        for (int c = 0; c < COLUMNS; c += 4 * Lanes.COUNT) {
            if (queries == 1) {
                scoreOne(keys, offset + c, q, from, at + c);
            } else {
                scoreTwo(keys, offset + c, q, from, at + c);
            }
        }
    }

    private void scoreOne(float[] keys, int offset, float[] q, int from, int at) {
        FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int d = 0, k = offset; d < store.size(); d++, k += COLUMNS) {
            FloatVector x = Lanes.all(q[from + d]);
            s0 = x.fma(Lanes.load(keys, k), s0);
            s1 = x.fma(Lanes.load(keys, k + Lanes.COUNT), s1);
            s2 = x.fma(Lanes.load(keys, k + 2 * Lanes.COUNT), s2);
            s3 = x.fma(Lanes.load(keys, k + 3 * Lanes.COUNT), s3);
        }
        store(s0, s1, s2, s3, scores, at);
    }

    private void scoreTwo(float[] keys, int offset, float[] q, int from, int at) {
        FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector t0 = s0;
        FloatVector t1 = s0;
        FloatVector t2 = s0;
        FloatVector t3 = s0;
        int size = store.size();
        for (int d = 0, k = offset; d < size; d++, k += COLUMNS) {
            FloatVector k0 = Lanes.load(keys, k);
            FloatVector k1 = Lanes.load(keys, k + Lanes.COUNT);
            FloatVector k2 = Lanes.load(keys, k + 2 * Lanes.COUNT);
            FloatVector k3 = Lanes.load(keys, k + 3 * Lanes.COUNT);
            FloatVector x = Lanes.all(q[from + d]);
            s0 = x.fma(k0, s0);
            s1 = x.fma(k1, s1);
            s2 = x.fma(k2, s2);
            s3 = x.fma(k3, s3);
            FloatVector y = Lanes.all(q[from + size + d]);
            t0 = y.fma(k0, t0);
            t1 = y.fma(k1, t1);
            t2 = y.fma(k2, t2);
            t3 = y.fma(k3, t3);
        }
        store(s0, s1, s2, s3, scores, at);
        store(t0, t1, t2, t3, scores, other + at);
    }

    private static void store(FloatVector a, FloatVector b, FloatVector c, FloatVector d, float[] to, int at) {
        a.intoArray(to, at);
        b.intoArray(to, at + Lanes.COUNT);
        c.intoArray(to, at + 2 * Lanes.COUNT);
        d.intoArray(to, at + 3 * Lanes.COUNT);
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
    private void mix(int block, int layer, int head, int queries, int start, int from, int to) {
        float[] values = store.values(block);
        int size = store.valueSize();
        int offset = store.valueOffset(layer, head) - start * size;
        int d = 0;
        for (; d + 4 * Lanes.COUNT <= size; d += 4 * Lanes.COUNT) {
            if (queries == 1) {
                mixOne(values, offset + d, from, to, d);
            } else {
                mixTwo(values, offset + d, from, to, d);
            }
        }
        for (; d < size; d += Lanes.COUNT) {
            for (int query = 0; query < queries; query++) {
                int place = query * size + d;
                FloatVector m = Lanes.load(mixed, place);
                for (int i = from; i < to; i++) {
                    m = Lanes.all(scores[query * other + i]).fma(Lanes.load(values, offset + i * size + d), m);
                }
                m.intoArray(mixed, place);
            }
        }
    }

    private void mixOne(float[] values, int offset, int from, int to, int d) {
        FloatVector m0 = Lanes.load(mixed, d);
        FloatVector m1 = Lanes.load(mixed, d + Lanes.COUNT);
        FloatVector m2 = Lanes.load(mixed, d + 2 * Lanes.COUNT);
        FloatVector m3 = Lanes.load(mixed, d + 3 * Lanes.COUNT);
        int size = store.valueSize();
        for (int i = from, v = offset + from * size; i < to; i++, v += size) {
            FloatVector p = Lanes.all(scores[i]);
            m0 = p.fma(Lanes.load(values, v), m0);
            m1 = p.fma(Lanes.load(values, v + Lanes.COUNT), m1);
            m2 = p.fma(Lanes.load(values, v + 2 * Lanes.COUNT), m2);
            m3 = p.fma(Lanes.load(values, v + 3 * Lanes.COUNT), m3);
        }
        store(m0, m1, m2, m3, mixed, d);
    }

    private void mixTwo(float[] values, int offset, int from, int to, int d) {
        int size = store.valueSize();
        FloatVector m0 = Lanes.load(mixed, d);
        FloatVector m1 = Lanes.load(mixed, d + Lanes.COUNT);
        FloatVector m2 = Lanes.load(mixed, d + 2 * Lanes.COUNT);
        FloatVector m3 = Lanes.load(mixed, d + 3 * Lanes.COUNT);
        FloatVector n0 = Lanes.load(mixed, size + d);
        FloatVector n1 = Lanes.load(mixed, size + d + Lanes.COUNT);
        FloatVector n2 = Lanes.load(mixed, size + d + 2 * Lanes.COUNT);
        FloatVector n3 = Lanes.load(mixed, size + d + 3 * Lanes.COUNT);
        for (int i = from, v = offset + from * size; i < to; i++, v += size) {
            FloatVector v0 = Lanes.load(values, v);
            FloatVector v1 = Lanes.load(values, v + Lanes.COUNT);
            FloatVector v2 = Lanes.load(values, v + 2 * Lanes.COUNT);
            FloatVector v3 = Lanes.load(values, v + 3 * Lanes.COUNT);
            FloatVector p = Lanes.all(scores[i]);
            m0 = p.fma(v0, m0);
            m1 = p.fma(v1, m1);
            m2 = p.fma(v2, m2);
            m3 = p.fma(v3, m3);
            FloatVector o = Lanes.all(scores[other + i]);
            n0 = o.fma(v0, n0);
            n1 = o.fma(v1, n1);
            n2 = o.fma(v2, n2);
            n3 = o.fma(v3, n3);
        }
        store(m0, m1, m2, m3, mixed, d);
        store(n0, n1, n2, n3, mixed, size + d);
    }
}
