package ai.preceptor.distill.divergence;

import ai.preceptor.lm.DivergenceTerm;

/**
 * How far a student's distribution q is from a teacher's p, over the same outcomes.
 *
 * <p>An implementation is a pure function of log-probabilities. Outcomes are tokens, or tokens and a bucket that stands
 * for all others. Where {@code p} or {@code q} is 0 (a log-probability of minus infinity), {@code 0 log 0} is 0.
 */
public interface Divergence {

    /** The configuration's name of it, such as {@code forward_kl}. */
    String key();

    /**
     * The divergence and its derivative.
     *
     * @param teacher {@code [outcomes]}: log p in nats
     * @param student {@code [outcomes]}: log q in nats
     * @param slope {@code [outcomes]}, overwritten: derivative by each {@code log q}, those taken as independent of each
     *     other. That they sum to 1 is for the caller to add
     * @return in nats, 0 or more
     * @throws IllegalArgumentException if the lengths differ
     */
    double evaluate(double[] teacher, double[] student, double[] slope);

    /**
     * The same for the head's kernel.
     *
     * @param weight factor of this divergence in the sum of several
     */
    DivergenceTerm term(double weight);

    /** {@code exp(log p) * x}, 0 where p is 0 whatever {@code x} is. */
    static double times(double logProbability, double x) {
        return logProbability == Double.NEGATIVE_INFINITY ? 0 : Math.exp(logProbability) * x;
    }

    /** {@code log(exp(a) + exp(b))} without overflow. */
    static double logAdd(double a, double b) {
        double top = Math.max(a, b);
        return top == Double.NEGATIVE_INFINITY ? top : top + Math.log1p(Math.exp(Math.min(a, b) - top));
    }

    /** @throws IllegalArgumentException if the three differ in length, or are empty */
    static void requireSameLength(double[] teacher, double[] student, double[] slope) {
        if (teacher.length == 0 || teacher.length != student.length || student.length != slope.length) {
            throw new IllegalArgumentException("divergence: teacher " + teacher.length + " outcomes, student "
                    + student.length + ", slope " + slope.length + ", must be as many, 1 or more");
        }
    }

    /** @throws IllegalArgumentException unless {@code value} lies in [0, 1) or, with {@code closed}, in [0, 1] */
    static double share(String name, double value, boolean closed) {
        if (!(value >= 0 && (closed ? value <= 1 : value < 1))) {
            throw new IllegalArgumentException(
                    name + ": received " + value + ", legal: " + (closed ? "[0, 1]" : "[0, 1)"));
        }
        return value;
    }
}
