package ai.preceptor.policy;

import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.loss.SampledTokens;
import org.jspecify.annotations.Nullable;

/**
 * A sampled answer with what models say of its tokens, before its score becomes an advantage.
 *
 * @param trajectory with its score and the sampler's log-probabilities
 * @param oldLogps {@code [tokens]}: log-probabilities under the policy that begins to learn from it
 * @param referenceLogps {@code [tokens]}: the same under the frozen reference; null if not known
 * @param entropies {@code [tokens]}: of that policy's distributions, in nats; null where it was not asked
 * @param weights {@code [tokens]}: what the policy's term of each token is multiplied by
 * @param values {@code [tokens]}: a critic's, before each token; null without a critic
 * @param counts whether it takes part in losses, token counts and KL
 */
record MeasuredAnswer(
        Trajectory trajectory,
        float[] oldLogps,
        float @Nullable [] referenceLogps,
        float @Nullable [] entropies,
        double[] weights,
        float @Nullable [] values,
        boolean counts) {

    /** Sampled by the policy that learns from it. */
    static MeasuredAnswer of(Trajectory trajectory, float @Nullable [] referenceLogps) {
        float[] sampler = trajectory.completion().samplerLogprobs();
        return new MeasuredAnswer(
                trajectory, sampler, referenceLogps, null, SampledTokens.ones(sampler.length), null, true);
    }
}
