package ai.preceptor.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights as 8-bit whole numbers with a scale for each output: {@code [panels, inputs / 2, 1 vector]}. From the top, the bytes of an
 * int are: of the first input the second vector's output, then the first's; the same of the second input.
 */
final class Int8Matrix extends PackedMatrix {
    private static final int LARGEST = 127;

    /** Bytes are stored with this added, so that none is negative. */
    private static final int OFFSET = 128;

    /** The bits of 2^23, whose last place is 1: with a byte in the lowest places it is 2^23 and that byte. */
    private static final int SCALED = 0x4b000000;

    private final int[] weights;
    private final float[] scales;

    Int8Matrix(int outputs, int inputs) {
        super(outputs, inputs);
        this.weights = new int[Math.multiplyExact(stride() / 2, width()) / 2];
        this.scales = new float[stride()];
    }

    @Override
    public long bytes() {
        return bytes(weights) + bytes(scales);
    }

    @Override
    void put(int panel, float[][] rows) {
        int half = rows.length / 2;
        float[] most = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            most[i] = magnitude(rows[i], inputs());
            scales[panel * rows.length + i] = most[i] / LARGEST;
        }
        int at = panel * half * width() / 2;
        for (int k = 0; k < width(); k += 2) {
            for (int i = 0; i < half; i++) {
                int j = i + half;
                weights[at] = quantized(rows[j][k], most[j]) << 24
                        | quantized(rows[i][k], most[i]) << 16
                        | quantized(rows[j][k + 1], most[j]) << 8
                        | quantized(rows[i][k + 1], most[i]);
                at++;
            }
        }
    }

    private static int quantized(float value, float most) {
        return (most == 0 ? 0 : Math.round(value / most * LARGEST)) + OFFSET;
    }

    @Override
    void eight(int panel, float[] x, int from, float[] y, int to) {
        fourOf(BLOCK, panel, x, from, y, to);
        fourOf(BLOCK, panel, x, from + SMALL_BLOCK, y, to + SMALL_BLOCK * stride());
    }

    @Override
    void four(int panel, float[] x, int from, float[] y, int to) {
        fourOf(SMALL_BLOCK, panel, x, from, y, to);
    }

    /** Four rows of a block; with all eight at once the sums and the widened weights do not fit in registers. */
    private void fourOf(int block, int panel, float[] x, int from, float[] y, int to) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        int w = panel * Lanes.COUNT * width() / 2;
        int end = from + block * width();
        for (int at = from; at < end; at += 2 * block, w += Lanes.COUNT) {
            int next = at + block;
            IntVector bytes = IntVector.fromArray(Lanes.INTS, weights, w);
            FloatVector w0 = lowest(bytes.lanewise(VectorOperators.LSHR, 16));
            FloatVector w1 = lowest(bytes.lanewise(VectorOperators.LSHR, 24));
            FloatVector v0 = lowest(bytes);
            FloatVector v1 = lowest(bytes.lanewise(VectorOperators.LSHR, 8));
            a0 = fma(x, at, w0, a0);
            b0 = fma(x, at, w1, b0);
            a1 = fma(x, at + 1, w0, a1);
            b1 = fma(x, at + 1, w1, b1);
            a2 = fma(x, at + 2, w0, a2);
            b2 = fma(x, at + 2, w1, b2);
            a3 = fma(x, at + 3, w0, a3);
            b3 = fma(x, at + 3, w1, b3);
            a0 = fma(x, next, v0, a0);
            b0 = fma(x, next, v1, b0);
            a1 = fma(x, next + 1, v0, a1);
            b1 = fma(x, next + 1, v1, b1);
            a2 = fma(x, next + 2, v0, a2);
            b2 = fma(x, next + 2, v1, b2);
            a3 = fma(x, next + 3, v0, a3);
            b3 = fma(x, next + 3, v1, b3);
        }
        int scale = panel * 2 * Lanes.COUNT;
        store(a0, b0, scale, y, to);
        store(a1, b1, scale, y, to + stride());
        store(a2, b2, scale, y, to + 2 * stride());
        store(a3, b3, scale, y, to + 3 * stride());
    }

    /** The weights in the lowest bytes. */
    private static FloatVector lowest(IntVector bytes) {
        return bytes.and(0xff).or(SCALED).reinterpretAsFloats().sub((1 << 23) + OFFSET);
    }

    private static FloatVector fma(float[] x, int at, FloatVector weights, FloatVector sum) {
        return Lanes.all(x[at]).fma(weights, sum);
    }

    private void store(FloatVector a, FloatVector b, int scale, float[] y, int to) {
        a.mul(Lanes.load(scales, scale)).intoArray(y, to);
        b.mul(Lanes.load(scales, scale + Lanes.COUNT)).intoArray(y, to + Lanes.COUNT);
    }
}
