package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import java.time.Duration;

/**
 * How fast a device multiplies large matrices: what every other speed can be held against.
 *
 * @param torch the device
 */
public record MatmulPeak(Torch torch) {
    private static final int SIZE = 1024;
    private static final double NANOS = 1e9;
    private static final Duration LONG_ENOUGH = Duration.ofMillis(300);

    /**
     * Measures for about a third of a second.
     *
     * @return floating-point operations a second of the fastest of several products of two 1024 x 1024 matrices
     */
    public double flops(Precision precision) {
        return flops(precision, LONG_ENOUGH);
    }

    /**
     * Measures both element types.
     *
     * @param each how long to measure each, at least; a few products are enough to tell which is faster
     */
    public MatmulSpeeds speeds(Duration each) {
        return new MatmulSpeeds(flops(Precision.FLOAT32, each), flops(Precision.BFLOAT16, each));
    }

    private double flops(Precision precision, Duration atLeast) {
        try (Scope scope = torch.scope()) {
            NDArray square = matrix(scope, precision);
            multiply(square);
            long fastest = Long.MAX_VALUE;
            long began = System.nanoTime();
            while (System.nanoTime() - began < atLeast.toNanos() || fastest == Long.MAX_VALUE) {
                long before = System.nanoTime();
                multiply(square);
                fastest = Math.min(fastest, System.nanoTime() - before);
            }
            return 2.0 * SIZE * SIZE * SIZE / fastest * NANOS;
        }
    }

    private NDArray matrix(Scope scope, Precision precision) {
        float[] values = new float[SIZE * SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % 17 - 8) / 8f;
        }
        return torch.kernels().tensors().toType(scope, scope.floats(values, SIZE, SIZE), precision.code());
    }

    /** Reads one number of the product, so that a device that works aside has to finish. */
    private void multiply(NDArray square) {
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
