package ai.preceptor.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * A matrix {@code [outputs, inputs]} laid out for products with few rows: panels of as many outputs as two vectors have, in which
 * the outputs of one input lie side by side.
 *
 * <p>The rows of a product lie in blocks of 8, or of 4 where there are no more, or a single one alone, in which the rows of one input lie
 * side by side; see
 * {@link #pack}.
 */
public abstract class PackedMatrix {
    /** Rows of a block. */
    static final int BLOCK = 8;

    /** Rows of a block where there are no more. */
    static final int SMALL_BLOCK = 4;

    /** Outputs are filled up to a multiple of this. */
    private static final int OUTPUT_STEP = 2 * Lanes.PARTS;

    private final int outputs;
    private final int inputs;

    /** @param inputs columns, 1 or more */
    PackedMatrix(int outputs, int inputs) {
        this.outputs = outputs;
        this.inputs = inputs;
    }

    /** Gives rows of a matrix, to several threads at once. */
    @FunctionalInterface
    public interface Rows {
        /** Writes row {@code output} to {@code target}, from index 0 on. */
        void read(int output, float[] target);
    }

    /**
     * Lays a matrix out.
     *
     * @param outputs rows of the matrix, 1 or more
     * @param inputs columns, 1 or more
     */
    public static PackedMatrix of(WeightType type, int outputs, int inputs, Rows rows) {
        PackedMatrix matrix = zeros(type, outputs, inputs, new WeightMemory(type, numbers(type, outputs, inputs)));
        matrix.fill(rows, 0, 1);
        return matrix;
    }

    /**
     * A matrix of zeros, for {@link #fill}.
     *
     * @param memory of the same type, that has its weights
     */
    public static PackedMatrix zeros(WeightType type, int outputs, int inputs, WeightMemory memory) {
        return switch (type) {
            case FLOAT32 -> new FloatMatrix(outputs, inputs, memory);
            case BFLOAT16 -> new Bfloat16Matrix(outputs, inputs, memory);
            case INT8 -> new Int8Matrix(outputs, inputs, memory);
        };
    }

    /** Numbers of 4 bytes in {@link WeightMemory} that a matrix takes. */
    public static int numbers(WeightType type, int outputs, int inputs) {
        return Math.toIntExact((long) stride(outputs) * width(inputs) * type.bytes() / Float.BYTES);
    }

    /** Takes other weights of the same shape: one thread's part of the panels. */
    public void fill(Rows rows, int part, int parts) {
        float[][] panel = new float[2 * Lanes.COUNT][width()];
        for (int p = panels() * part / parts; p < panels() * (part + 1) / parts; p++) {
            for (int i = 0; i < panel.length; i++) {
                int output = p * panel.length + i;
                if (output < outputs) {
                    rows.read(output, panel[i]);
                } else {
                    Arrays.fill(panel[i], 0);
                }
            }
            put(p, panel);
        }
    }

    /** Rows of the matrix. */
    public int outputs() {
        return outputs;
    }

    /** Columns of the matrix. */
    public int inputs() {
        return inputs;
    }

    /** Numbers of a row of a product's result, of which the first {@link #outputs} mean something. */
    public int stride() {
        return stride(outputs);
    }

    private static int stride(int outputs) {
        return (outputs + OUTPUT_STEP - 1) / OUTPUT_STEP * OUTPUT_STEP;
    }

    /** Inputs of a packed row: an even number. */
    int width() {
        return width(inputs);
    }

    private static int width(int inputs) {
        return (inputs + 1) / 2 * 2;
    }

    int panels() {
        return stride() / (2 * Lanes.COUNT);
    }

    /** Stores the weights of a panel, a row for each output; the last may be zeros. */
    abstract void put(int panel, float[][] rows);

    /** Products of one panel with a block of 8 rows, packed from {@code from} on, to y from {@code to} on. */
    abstract void eight(int panel, float[] x, int from, float[] y, int to);

    /** The same of 4 rows. */
    abstract void four(int panel, float[] x, int from, float[] y, int to);

    /** The same of one row. */
    abstract void one(int panel, float[] x, int from, float[] y, int to);

    /** Rows of a block of so many. */
    static int block(int rows) {
        if (rows == 1) {
            return 1;
        }
        return rows <= SMALL_BLOCK ? SMALL_BLOCK : BLOCK;
    }

    /** So many rows, filled up to whole blocks. */
    static int whole(int rows) {
        return (rows + block(rows) - 1) / block(rows) * block(rows);
    }

    /**
     * Puts a row where products read it.
     *
     * @param x the row, from {@code from} on
     * @param row its place among {@code rows}
     */
    void pack(float[] x, int from, float[] packed, int row, int rows) {
        int block = block(rows);
        int first = row / block * block * width() + row % block;
        for (int k = 0; k < inputs; k++) {
            packed[first + k * block] = x[from + k];
        }
        if (inputs < width()) {
            packed[first + inputs * block] = 0;
        }
    }

    /**
     * One thread's part of a product.
     *
     * @param x packed rows
     * @param y {@code [whole(rows), stride]}
     */
    void multiply(float[] x, int rows, float[] y, int part, int parts) {
        int first = panels() * part / parts;
        int end = panels() * (part + 1) / parts;
        int block = block(rows);
        for (int panel = first; panel < end; panel++) {
            for (int row = 0; row < rows; row += block) {
                int to = row * stride() + panel * 2 * Lanes.COUNT;
                switch (block) {
                    case BLOCK -> eight(panel, x, row * width(), y, to);
                    case SMALL_BLOCK -> four(panel, x, row * width(), y, to);
                    default -> one(panel, x, row * width(), y, to);
                }
            }
        }
    }

    /** {@code y = x W^T} of rows laid flat, by one thread; for tests and few products. */
    public float[] multiply(float[] x, int rows) {
        float[] packed = new float[whole(rows) * width()];
        for (int row = 0; row < rows; row++) {
            pack(x, row * inputs, packed, row, rows);
        }
        float[] padded = new float[whole(rows) * stride()];
        multiply(packed, rows, padded, 0, 1);
        float[] y = new float[rows * outputs];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(padded, row * stride(), y, row * outputs, outputs);
        }
        return y;
    }

    /** Adds one row's product with some weights. */
    static FloatVector fma(float[] x, int at, FloatVector weights, FloatVector sum) {
        return Lanes.all(x[at]).fma(weights, sum);
    }

    /** Writes a row of a panel's result. */
    static void store(FloatVector first, FloatVector second, float[] y, int to) {
        first.intoArray(y, to);
        second.intoArray(y, to + Lanes.COUNT);
    }

    /** A float as bfloat16, rounded to the nearest, in the upper half; not a number stays one. */
    static int bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return bits & 0xffff0000 | 0x00400000;
        }
        return bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000;
    }

    /** The largest magnitude of a row. */
    static float magnitude(float[] row, int n) {
        float most = 0;
        for (int k = 0; k < n; k++) {
            most = Math.max(most, Math.abs(row[k]));
        }
        return most;
    }
}
