package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import java.time.Duration;
import java.util.Locale;

/**
 * How fast a device multiplies large matrices in each element type.
 *
 * @param float32 floating-point operations a second, above 0
 * @param bfloat16 the same
 */
public record MatmulSpeeds(double float32, double bfloat16) {
    private static final int SIZE = 1024;
    private static final double NANOS = 1e9;

    /** Rounding costs digits, so bfloat16 must be faster by more than two measurements differ. */
    private static final double WORTH_IT = 1.1;

    private static final double GIGA = 1e9;

    /**
     * Measures a device by products of two 1024 x 1024 matrices, of which the fastest counts.
     *
     * @param each how long to measure each element type, at least; a few products are enough to tell which is faster
     */
    public static MatmulSpeeds measure(Torch torch, Duration each) {
        return new MatmulSpeeds(flops(torch, Precision.FLOAT32, each), flops(torch, Precision.BFLOAT16, each));
    }

    /** The element type that this device trains faster in; float32, which is exact, where they are alike. */
    public Precision recommended() {
        return bfloat16 > WORTH_IT * float32 ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    /** Operations a second in one element type. */
    public double of(Precision precision) {
        return precision == Precision.FLOAT32 ? float32 : bfloat16;
    }

    /** One of the two in words, such as {@code 162 GFLOP/s}. */
    public String text(Precision precision) {
        return String.format(Locale.ROOT, "%.0f GFLOP/s", of(precision) / GIGA);
    }

    private static double flops(Torch torch, Precision precision, Duration atLeast) {
        try (Scope scope = torch.scope()) {
            NDArray square = matrix(torch, scope, precision);
            multiply(torch, square);
            long fastest = Long.MAX_VALUE;
            long began = System.nanoTime();
            while (System.nanoTime() - began < atLeast.toNanos() || fastest == Long.MAX_VALUE) {
                long before = System.nanoTime();
                multiply(torch, square);
                fastest = Math.min(fastest, System.nanoTime() - before);
            }
            return 2.0 * SIZE * SIZE * SIZE / fastest * NANOS;
        }
    }

    private static NDArray matrix(Torch torch, Scope scope, Precision precision) {
        float[] values = new float[SIZE * SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % 17 - 8) / 8f;
        }
        return torch.kernels().tensors().toType(scope, scope.floats(values, SIZE, SIZE), precision.code());
    }

    /** Reads one number of the product, so that a device that works aside has to finish. */
    private static void multiply(Torch torch, NDArray square) {
        try (Scope scope = torch.scope()) {
            NDArray product = torch.kernels().decoder().linear(scope, square, square, scope.zeros(0));
            NDArray corner = torch.kernels().tensors().rowsOf(scope, product, 0, 1);
            torch.kernels()
                    .tensors()
                    .toType(scope, corner, Precision.FLOAT32.code())
                    .toFloatArray();
        }
    }
}
