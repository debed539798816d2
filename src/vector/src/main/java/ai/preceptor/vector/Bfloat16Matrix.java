package ai.preceptor.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Weights as bfloat16: {@code [panels, inputs, 1 vector]}, whose lower halves are the panel's first outputs. */
final class Bfloat16Matrix extends PackedMatrix {
    private final int begin;
    private final int[] weights;

    Bfloat16Matrix(int outputs, int inputs, WeightMemory memory) {
        super(outputs, inputs);
        this.begin = memory.take(numbers(WeightType.BFLOAT16, outputs, inputs));
        this.weights = memory.ints();
    }

    @Override
    void put(int panel, float[][] rows) {
        int half = rows.length / 2;
        int at = begin + panel * half * width();
        for (int k = 0; k < width(); k++) {
            for (int i = 0; i < half; i++) {
                weights[at] = bfloat16(rows[i + half][k]) | bfloat16(rows[i][k]) >>> 16;
                at++;
            }
        }
    }

    @Override
    void eight(int panel, float[] x, int from, float[] y, int to) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        FloatVector a4 = a0;
        FloatVector b4 = a0;
        FloatVector a5 = a0;
        FloatVector b5 = a0;
        FloatVector a6 = a0;
        FloatVector b6 = a0;
        FloatVector a7 = a0;
        FloatVector b7 = a0;
        int w = begin + panel * Lanes.COUNT * width();
        for (int at = from; at < from + 8 * width(); at += 8, w += Lanes.COUNT) {
            IntVector both = IntVector.fromArray(Lanes.INTS, weights, w);
            FloatVector w0 = both.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector w1 = both.and(0xffff0000).reinterpretAsFloats();
            a0 = fma(x, at + 0, w0, a0);
            b0 = fma(x, at + 0, w1, b0);
            a1 = fma(x, at + 1, w0, a1);
            b1 = fma(x, at + 1, w1, b1);
            a2 = fma(x, at + 2, w0, a2);
            b2 = fma(x, at + 2, w1, b2);
            a3 = fma(x, at + 3, w0, a3);
            b3 = fma(x, at + 3, w1, b3);
            a4 = fma(x, at + 4, w0, a4);
            b4 = fma(x, at + 4, w1, b4);
            a5 = fma(x, at + 5, w0, a5);
            b5 = fma(x, at + 5, w1, b5);
            a6 = fma(x, at + 6, w0, a6);
            b6 = fma(x, at + 6, w1, b6);
            a7 = fma(x, at + 7, w0, a7);
            b7 = fma(x, at + 7, w1, b7);
        }
        store(a0, b0, y, to);
        store(a1, b1, y, to + stride());
        store(a2, b2, y, to + 2 * stride());
        store(a3, b3, y, to + 3 * stride());
        store(a4, b4, y, to + 4 * stride());
        store(a5, b5, y, to + 5 * stride());
        store(a6, b6, y, to + 6 * stride());
        store(a7, b7, y, to + 7 * stride());
    }

    @Override
    void four(int panel, float[] x, int from, float[] y, int to) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        int w = begin + panel * Lanes.COUNT * width();
        for (int at = from; at < from + 4 * width(); at += 4, w += Lanes.COUNT) {
            IntVector both = IntVector.fromArray(Lanes.INTS, weights, w);
            FloatVector w0 = both.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector w1 = both.and(0xffff0000).reinterpretAsFloats();
            a0 = fma(x, at + 0, w0, a0);
            b0 = fma(x, at + 0, w1, b0);
            a1 = fma(x, at + 1, w0, a1);
            b1 = fma(x, at + 1, w1, b1);
            a2 = fma(x, at + 2, w0, a2);
            b2 = fma(x, at + 2, w1, b2);
            a3 = fma(x, at + 3, w0, a3);
            b3 = fma(x, at + 3, w1, b3);
        }
        store(a0, b0, y, to);
        store(a1, b1, y, to + stride());
        store(a2, b2, y, to + 2 * stride());
        store(a3, b3, y, to + 3 * stride());
    }

    @Override
    void one(int panel, float[] x, int from, float[] y, int to) {
        FloatVector a = FloatVector.zero(Lanes.FLOATS);
        FloatVector b = a;
        int w = begin + panel * Lanes.COUNT * width();
        for (int at = from; at < from + width(); at++, w += Lanes.COUNT) {
            IntVector both = IntVector.fromArray(Lanes.INTS, weights, w);
            a = fma(x, at, both.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a);
            b = fma(x, at, both.and(0xffff0000).reinterpretAsFloats(), b);
        }
        store(a, b, y, to);
    }
}
