package ai.preceptor.vector;

import java.util.Arrays;
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

    private final int begin;
    private final int[] weights;
    private final float[] scales;

    Int8Matrix(int outputs, int inputs, WeightMemory memory) {
        super(outputs, inputs);
        this.begin = memory.take(numbers(WeightType.INT8, outputs, inputs));
        this.weights = memory.ints();
        this.scales = new float[stride()];
    }

    @Override
    void put(int panel, float[][] rows) {
        int half = rows.length / 2;
        float[] most = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            most[i] = magnitude(rows[i], inputs());
            scales[panel * rows.length + i] = most[i] / LARGEST;
        }
        int at = begin + panel * half * width() / 2;
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

    /** Four rows of a block: the even inputs, and the odd ones. More in one loop is more than C2 takes into one method. */
    private void fourOf(int block, int panel, float[] x, int from, float[] y, int to) {
        for (int row = 0; row < SMALL_BLOCK; row++) {
            Arrays.fill(y, to + row * stride(), to + row * stride() + 2 * Lanes.COUNT, 0);
        }
        add(16, block, panel, x, from, y, to);
        add(0, block, panel, x, from + block, y, to);
        int scale = panel * 2 * Lanes.COUNT;
        for (int row = 0; row < SMALL_BLOCK; row++) {
            scale(scale, y, to + row * stride());
        }
    }

    private void scale(int scale, float[] y, int to) {
        for (int i = 0; i < 2 * Lanes.COUNT; i += Lanes.COUNT) {
            Lanes.load(y, to + i).mul(Lanes.load(scales, scale + i)).intoArray(y, to + i);
        }
    }

    /** Adds the products of every other input to four rows of y; its weights lie {@code shift} places up. */
    private void add(int shift, int block, int panel, float[] x, int from, float[] y, int to) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        int w = begin + panel * Lanes.COUNT * width() / 2;
        for (int i = 0; i < width() / 2; i++, w += Lanes.COUNT) {
            int at = from + 2 * i * block;
            IntVector bytes = IntVector.fromArray(Lanes.INTS, weights, w).lanewise(VectorOperators.LSHR, shift);
            FloatVector w0 = lowest(bytes);
            FloatVector w1 = lowest(bytes.lanewise(VectorOperators.LSHR, 8));
            FloatVector row = Lanes.all(x[at]);
            a0 = row.fma(w0, a0);
            b0 = row.fma(w1, b0);
            row = Lanes.all(x[at + 1]);
            a1 = row.fma(w0, a1);
            b1 = row.fma(w1, b1);
            row = Lanes.all(x[at + 2]);
            a2 = row.fma(w0, a2);
            b2 = row.fma(w1, b2);
            row = Lanes.all(x[at + 3]);
            a3 = row.fma(w0, a3);
            b3 = row.fma(w1, b3);
        }
        add(a0, b0, y, to);
        add(a1, b1, y, to + stride());
        add(a2, b2, y, to + 2 * stride());
        add(a3, b3, y, to + 3 * stride());
    }

    private static void add(FloatVector first, FloatVector second, float[] y, int to) {
        Lanes.load(y, to).add(first).intoArray(y, to);
        Lanes.load(y, to + Lanes.COUNT).add(second).intoArray(y, to + Lanes.COUNT);
    }

    @Override
    void one(int panel, float[] x, int from, float[] y, int to) {
        FloatVector a = FloatVector.zero(Lanes.FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int w = begin + panel * Lanes.COUNT * width() / 2;
        for (int at = from; at < from + width(); at += 2, w += Lanes.COUNT) {
            IntVector bytes = IntVector.fromArray(Lanes.INTS, weights, w);
            FloatVector even = Lanes.all(x[at]);
            a = even.fma(lowest(bytes.lanewise(VectorOperators.LSHR, 16)), a);
            b = even.fma(lowest(bytes.lanewise(VectorOperators.LSHR, 24)), b);
            FloatVector odd = Lanes.all(x[at + 1]);
            c = odd.fma(lowest(bytes), c);
            d = odd.fma(lowest(bytes.lanewise(VectorOperators.LSHR, 8)), d);
        }
        Arrays.fill(y, to, to + 2 * Lanes.COUNT, 0);
        add(a, b, y, to);
        add(c, d, y, to);
        scale(panel * 2 * Lanes.COUNT, y, to);
    }

    /** The weights in the lowest bytes. */
    private static FloatVector lowest(IntVector bytes) {
        return bytes.and(0xff).or(SCALED).reinterpretAsFloats().sub((1 << 23) + OFFSET);
    }
}
