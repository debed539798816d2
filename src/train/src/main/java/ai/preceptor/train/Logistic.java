package ai.preceptor.train;

/** The logistic function and its logarithm, exact to double precision at both ends. */
public final class Logistic {

    private Logistic() {}

    /** {@code 1 / (1 + exp(-x))}. */
    public static double sigmoid(double x) {
        // exp of a positive number may overflow; of a negative one it only vanishes
        if (x >= 0) {
            return 1 / (1 + Math.exp(-x));
        }
        double e = Math.exp(x);
        return e / (1 + e);
    }

    /** {@code log(sigmoid(x))}, about {@code x} for very negative {@code x}. */
    public static double logSigmoid(double x) {
        return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
    }
}
