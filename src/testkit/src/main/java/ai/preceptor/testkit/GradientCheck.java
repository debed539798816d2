package ai.preceptor.testkit;

import java.util.function.ToDoubleFunction;

/** Compares a gradient with central differences. */
public final class GradientCheck {

    private final double step;
    private final double tolerance;

    /**
     * A check with this step and tolerance.
     *
     * @param step half the distance of the two evaluations, above 0; for functions of float inputs a power of two, so that
     *     it is exact
     * @param tolerance largest deviation allowed, in absolute terms below a derivative of 1 and relative above
     */
    public GradientCheck(double step, double tolerance) {
        this.step = step;
        this.tolerance = tolerance;
    }

    /**
     * Fails unless the gradient agrees with the function around a point.
     *
     * @param what names the case, with its seed, for the message
     * @param function evaluated near the point only; must be smooth there
     * @param point where; left as it was
     * @param gradient the claimed derivatives
     * @throws AssertionError if a derivative deviates
     */
    public void verify(String what, ToDoubleFunction<double[]> function, double[] point, double[] gradient) {
        if (gradient.length != point.length) {
            throw new AssertionError(what + ": " + gradient.length + " derivatives for " + point.length + " inputs");
        }
        double[] x = point.clone();
        for (int i = 0; i < x.length; i++) {
            x[i] = point[i] + step;
            double above = function.applyAsDouble(x);
            x[i] = point[i] - step;
            double below = function.applyAsDouble(x);
            x[i] = point[i];
            double numeric = (above - below) / (2 * step);
            if (!(Math.abs(numeric - gradient[i]) <= tolerance * Math.max(1, Math.abs(numeric)))) {
                throw new AssertionError(what + ": derivative by input " + i + " is " + gradient[i]
                        + ", central differences give " + numeric);
            }
        }
    }
}
