package ai.preceptor.vector;

import jdk.incubator.vector.FloatVector;

/** Weights as they are: {@code [panels, inputs, 2 vectors]}. */
final class FloatMatrix extends PackedMatrix {
    private final int begin;
    private final float[] weights;

    FloatMatrix(int outputs, int inputs, WeightMemory memory) {
        super(outputs, inputs);
        this.begin = memory.take(numbers(WeightType.FLOAT32, outputs, inputs));
        this.weights = memory.floats();
    }

    @Override
    void put(int panel, float[][] rows) {
        int at = begin + panel * rows.length * width();
        for (int k = 0; k < width(); k++) {
            for (float[] row : rows) {
                weights[at] = row[k];
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
        int w = begin + panel * 2 * Lanes.COUNT * width();
        for (int at = from; at < from + 8 * width(); at += 8, w += 2 * Lanes.COUNT) {
            FloatVector w0 = Lanes.load(weights, w);
            FloatVector w1 = Lanes.load(weights, w + Lanes.COUNT);
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
        int w = begin + panel * 2 * Lanes.COUNT * width();
        for (int at = from; at < from + 4 * width(); at += 4, w += 2 * Lanes.COUNT) {
            FloatVector w0 = Lanes.load(weights, w);
            FloatVector w1 = Lanes.load(weights, w + Lanes.COUNT);
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
        int w = begin + panel * 2 * Lanes.COUNT * width();
        for (int at = from; at < from + width(); at++, w += 2 * Lanes.COUNT) {
            a = fma(x, at, Lanes.load(weights, w), a);
            b = fma(x, at, Lanes.load(weights, w + Lanes.COUNT), b);
        }
        store(a, b, y, to);
    }
}
