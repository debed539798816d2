package ai.preceptor.distill;

/**
 * A divergence as a function of two rows of logits: the reference that kernels are held to.
 *
 * <p><b>Formula.</b> With {@code p = softmax(t / T)}, {@code q = softmax(z / T)} and {@code g} the derivative of the
 * divergence by {@code log q},
 *
 * <pre>  dD/dz_v = (g_v - q_v sum_u g_u) / T</pre>
 *
 * <p><b>Departures.</b> The divergence is not multiplied by T^2, as Hinton et al. 2015 (arXiv:1503.02531, section 2) do to
 * keep its gradient's size; TRL does not either.
 *
 * @param divergence of the two distributions
 * @param temperature T, above 0, of both
 */
record LogitDivergence(DivergenceOracle divergence, double temperature) {

    LogitDivergence(Divergence divergence, double temperature) {
        this(DivergenceOracle.of(divergence), temperature);
    }

    /** @throws IllegalArgumentException unless the temperature is above 0 and finite */
    LogitDivergence {
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("temperature: received " + temperature + ", legal: above 0, finite");
        }
    }

    /**
     * The divergence of one token.
     *
     * @param teacher {@code [vocabulary]} logits
     * @param student {@code [vocabulary]} logits
     * @param gradient {@code [vocabulary]}, overwritten: derivative by the student's logits
     * @return nats
     */
    double evaluate(double[] teacher, double[] student, double[] gradient) {
        double[] q = logSoftmax(student);
        double value = divergence.evaluate(logSoftmax(teacher), q, gradient);
        double sum = 0;
        for (double slope : gradient) {
            sum += slope;
        }
        for (int v = 0; v < gradient.length; v++) {
            gradient[v] = (gradient[v] - Math.exp(q[v]) * sum) / temperature;
        }
        return value;
    }

    /** Log-probabilities of logits at this temperature. */
    double[] logSoftmax(double[] logits) {
        double top = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            top = Math.max(top, logit);
        }
        double total = 0;
        for (double logit : logits) {
            total += Math.exp((logit - top) / temperature);
        }
        double[] logs = new double[logits.length];
        for (int v = 0; v < logs.length; v++) {
            logs[v] = (logits[v] - top) / temperature - Math.log(total);
        }
        return logs;
    }
}
