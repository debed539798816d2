package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import java.util.function.DoubleSupplier;

/** A model's gradients against central differences, block by block, along each block's own gradient. */
final class BlockGradients {
    private BlockGradients() {}

    static void check(Parameters parameters, DoubleSupplier loss) {
        for (Parameter block : parameters.trained()) {
            String name = block.parts().get(0).name();
            float[] gradient = block.gradient().toFloatArray();
            float[] weights = block.master().toFloatArray();
            double norm = Math.sqrt(dot(gradient, gradient));
            assertThat(norm).as(name).isPositive();
            double length = Math.sqrt(dot(weights, weights));
            // far enough for the loss to change by more than its rounding, near enough for it to bend little
            double step = Math.max(1e-4 * length, Math.min(1e-2 * length, 2e-3 / norm));
            double up = at(parameters, block, weights, gradient, step / norm, loss);
            double down = at(parameters, block, weights, gradient, -step / norm, loss);
            at(parameters, block, weights, gradient, 0, loss);
            assertThat((up - down) / (2 * step)).as(name).isCloseTo(norm, within(0.02 * norm));
        }
    }

    private static double at(
            Parameters parameters, Parameter block, float[] weights, float[] gradient, double by, DoubleSupplier loss) {
        float[] moved = new float[weights.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (weights[i] + by * gradient[i]);
        }
        long[] shape = block.master().getShape().getShape();
        parameters.set(block, new Parameter.Part("whole", 0, shape), moved);
        return loss.getAsDouble();
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
