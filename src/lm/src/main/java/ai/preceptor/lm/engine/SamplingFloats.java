package ai.preceptor.lm.engine;

/**
 * Sampling settings as float32, in which kernels compute. A legal number beyond these bounds stands for the bound, which gives
 * the same tokens: what underflows to 0 or overflows would make numbers that are none.
 */
final class SamplingFloats {
    /** Largest divisor and factor of logits that are scaled before the softmax. */
    private static final double SCALE = 1e30;

    /** Largest change of a logit: products of two such numbers are finite. */
    private static final double EDIT = 1e15;

    private SamplingFloats() {}

    /** 1 / temperature. */
    static float inverse(double temperature) {
        return (float) between(1 / SCALE, 1 / temperature, SCALE);
    }

    /** A share of the probability, above 0. */
    static float share(double probability) {
        return (float) Math.max(Float.MIN_NORMAL, probability);
    }

    /** A factor of a logit, above 0. */
    static float factor(double factor) {
        return (float) between(1 / EDIT, factor, EDIT);
    }

    /** What is added to a logit; minus infinity is kept. */
    static float addend(double addend) {
        return addend == Double.NEGATIVE_INFINITY ? Float.NEGATIVE_INFINITY : (float) between(-EDIT, addend, EDIT);
    }

    private static double between(double least, double number, double most) {
        return Math.max(least, Math.min(number, most));
    }
}
