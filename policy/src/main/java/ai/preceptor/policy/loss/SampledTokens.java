package ai.preceptor.policy.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one sampled answer.
 *
 * @param logps {@code [tokens]}: log-probability of each token under the policy in training, in nats
 * @param oldLogps {@code [tokens]}: the same under the policy whose ratio is clipped, usually the one that sampled
 * @param referenceLogps {@code [tokens]}: the same under the frozen reference; null if not known
 * @param advantages {@code [tokens]}: advantage of each token, the same for all where only whole answers are scored
 * @param weights {@code [tokens]}: what the policy's term of each token is multiplied by, 0 or more; not its KL term, not
 *     its share in any mean
 * @param samplerLogps {@code [tokens]}: the same as {@code oldLogps} under the distribution that sampled
 */
public record SampledTokens(
        float[] logps,
        float[] oldLogps,
        float @Nullable [] referenceLogps,
        double[] advantages,
        double[] weights,
        float[] samplerLogps) {

    /** @throws IllegalArgumentException if there is no token, or the arrays differ in length */
    public SampledTokens {
        if (logps.length == 0) {
            throw new IllegalArgumentException("answer: 0 tokens, must be at least 1");
        }
        requireLength("old log-probabilities", oldLogps.length, logps.length);
        requireLength("advantages", advantages.length, logps.length);
        requireLength("weights", weights.length, logps.length);
        requireLength("sampler's log-probabilities", samplerLogps.length, logps.length);
        if (referenceLogps != null) {
            requireLength("reference log-probabilities", referenceLogps.length, logps.length);
        }
    }

    /** Sampled by the old policy itself: every weight is 1. */
    public SampledTokens(float[] logps, float[] oldLogps, float @Nullable [] referenceLogps, double[] advantages) {
        this(logps, oldLogps, referenceLogps, advantages, ones(advantages.length), oldLogps);
    }

    /** Weights of tokens that all count the same. */
    public static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** The same with other weights. */
    public SampledTokens withWeights(double[] others) {
        return new SampledTokens(logps, oldLogps, referenceLogps, advantages, others, samplerLogps);
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
