package ai.preceptor.eval;

import java.util.ArrayList;
import java.util.List;

/**
 * KL(policy || reference) of whole answers, estimated from answers sampled from the policy.
 *
 * <p>With {@code d_t = log pi(y_t) - log pi_ref(y_t)} of the tokens of an answer, k1 is {@code sum of d_t} and k3 {@code sum
 * of exp(-d_t) - 1 + d_t}. Both are unbiased for the KL of the answer if the answers were sampled at temperature 1 from
 * the whole vocabulary; sampled otherwise, they measure something else. k1 may come out negative, k3 never does and varies
 * less as long as the policy has not left the reference; where it gives tokens much less probability than the reference
 * does, single terms of k3 explode.
 *
 * <p><b>Source.</b> Schulman 2020, Approximating KL Divergence.
 *
 * @param k1 nats per answer
 * @param k3 nats per answer
 * @param k1PerToken nats per token, over all tokens
 * @param k3PerToken nats per token, over all tokens
 * @param answers how many
 * @param tokens how many
 */
public record KlToReference(
        MeanEstimate k1, MeanEstimate k3, double k1PerToken, double k3PerToken, int answers, long tokens) {

    /**
     * The estimates from log-probabilities.
     *
     * @param policy per prompt, per answer {@code [tokens]}: the policy's log-probabilities, nats
     * @param reference the same of the reference
     * @throws IllegalArgumentException if the two do not fit each other, or there is no token
     */
    public static KlToReference of(List<List<float[]>> policy, List<List<float[]>> reference) {
        requireSame("prompts", policy.size(), reference.size());
        List<double[]> k1 = new ArrayList<>();
        List<double[]> k3 = new ArrayList<>();
        double sumK1 = 0;
        double sumK3 = 0;
        int answers = 0;
        long tokens = 0;
        for (int i = 0; i < policy.size(); i++) {
            List<float[]> ours = policy.get(i);
            List<float[]> theirs = reference.get(i);
            requireSame("answers to prompt " + i, ours.size(), theirs.size());
            double[] ownK1 = new double[ours.size()];
            double[] ownK3 = new double[ours.size()];
            for (int j = 0; j < ours.size(); j++) {
                requireSame("tokens of answer " + j + " to prompt " + i, ours.get(j).length, theirs.get(j).length);
                for (int t = 0; t < ours.get(j).length; t++) {
                    double logratio = (double) ours.get(j)[t] - theirs.get(j)[t];
                    ownK1[j] += logratio;
                    ownK3[j] += Math.expm1(-logratio) + logratio;
                }
                sumK1 += ownK1[j];
                sumK3 += ownK3[j];
                tokens += ours.get(j).length;
            }
            answers += ours.size();
            k1.add(ownK1);
            k3.add(ownK3);
        }
        if (tokens == 0) {
            throw new IllegalArgumentException("answers: " + answers + " without a token, must have at least 1");
        }
        return new KlToReference(
                MeanEstimate.ofClusters(k1),
                MeanEstimate.ofClusters(k3),
                sumK1 / tokens,
                sumK3 / tokens,
                answers,
                tokens);
    }

    private static void requireSame(String what, int policy, int reference) {
        if (policy != reference) {
            throw new IllegalArgumentException(
                    what + ": " + policy + " of the policy, " + reference + " of the reference, must be equal");
        }
    }
}
