package ai.preceptor.policy.loss;

import org.jspecify.annotations.Nullable;

/**
 * The numbers of one sampled answer.
 *
 * @param logps {@code [tokens]}: log-probability of each token under the policy in training, in nats
 * @param oldLogps {@code [tokens]}: the same under the policy whose ratio is clipped, usually the one that sampled
 * @param referenceLogps {@code [tokens]}: the same under the frozen reference; null if not known
 * @param advantages {@code [tokens]}: advantage of each token, the same for all where only whole answers are scored
 */
public record SampledTokens(float[] logps, float[] oldLogps, float @Nullable [] referenceLogps, double[] advantages) {

    /** @throws IllegalArgumentException if there is no token, or the arrays differ in length */
    public SampledTokens {
        if (logps.length == 0) {
            throw new IllegalArgumentException("answer: 0 tokens, must be at least 1");
        }
        requireLength("old log-probabilities", oldLogps.length, logps.length);
        requireLength("advantages", advantages.length, logps.length);
        if (referenceLogps != null) {
            requireLength("reference log-probabilities", referenceLogps.length, logps.length);
        }
    }

    /** How many tokens the answer has, at least 1. */
    public int length() {
        return logps.length;
    }

    /** Whether the reference's log-probabilities are known. */
    public boolean hasReference() {
        return referenceLogps != null;
    }

    /** log pi - log pi_old of each token. */
    double[] logratios() {
        double[] logratios = new double[logps.length];
        for (int t = 0; t < logratios.length; t++) {
            logratios[t] = (double) logps[t] - oldLogps[t];
        }
        return logratios;
    }

    /**
     * log pi - log pi_ref of a token.
     *
     * @throws IllegalStateException if the reference is not known
     */
    double referenceLogratio(int t) {
        if (referenceLogps == null) {
            throw new IllegalStateException("answer: no reference log-probabilities");
        }
        return (double) logps[t] - referenceLogps[t];
    }

    private static void requireLength(String what, int found, int tokens) {
        if (found != tokens) {
            throw new IllegalArgumentException("answer: " + found + " " + what + ", must be one per token: " + tokens);
        }
    }
}
