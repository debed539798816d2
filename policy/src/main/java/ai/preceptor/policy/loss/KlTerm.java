package ai.preceptor.policy.loss;

import ai.preceptor.policy.kl.KlPenalty;

/**
 * The KL term of one answer in a policy loss. The weights of its tokens in the policy's term are not read.
 *
 * @param loss its share of the step's loss
 * @param gradient {@code [tokens]}: derivative of {@code loss} by each token's log-probability
 * @param divergence estimated KL to the reference in nats, summed over the tokens; not a number without a reference
 */
record KlTerm(double loss, double[] gradient, double divergence) {

    /**
     * The term of an answer.
     *
     * @param level of the ratios that a bias correction multiplies with
     * @param weight of each token
     * @throws IllegalArgumentException if it has a coefficient and the answer no reference log-probabilities
     */
    static KlTerm of(KlPenalty kl, RatioLevel level, SampledTokens answer, double weight) {
        int tokens = answer.length();
        double[] gradient = new double[tokens];
        if (!answer.hasReference()) {
            if (kl.beta() > 0) {
                throw new IllegalArgumentException(
                        "beta: " + kl.beta() + ", but an answer has no reference log-probabilities");
            }
            return new KlTerm(0, gradient, Double.NaN);
        }
        double[] ratios = level.ratios(answer.logratios());
        double[] estimates = new double[tokens];
        double sum = 0;
        for (int t = 0; t < tokens; t++) {
            estimates[t] = kl.factor(ratios[t]) * kl.estimator().value(answer.referenceLogratio(t));
            sum += estimates[t];
        }
        if (kl.beta() == 0) {
            return new KlTerm(0, gradient, sum); // also when a ratio overflowed
        }
        double[] byRatio = kl.biasCorrection() ? level.spread(estimates) : new double[tokens];
        double scale = weight * kl.beta();
        for (int t = 0; t < tokens; t++) {
            double slope = kl.factor(ratios[t]) * kl.estimator().slope(answer.referenceLogratio(t));
            gradient[t] = scale * (slope + byRatio[t]);
        }
        return new KlTerm(scale * sum, gradient, sum);
    }
}
