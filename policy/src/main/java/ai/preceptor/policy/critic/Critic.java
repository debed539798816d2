package ai.preceptor.policy.critic;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.Trainable;

/**
 * Estimates, before each token of a sampled answer, the rewards still to come. It is trained beside the policy: its
 * {@linkplain #forward outputs} are values, one for each target of a batch of completions, and it has its own optimizer.
 *
 * <p>The value before token t depends on the prompt and the tokens before t only, not on token t or on other rows of the
 * batch. One thread uses it.
 */
public interface Critic extends Trainable, AutoCloseable {

    /** By what a run's checkpoints know it, such as {@code value_model}: going on with another one is refused. */
    String name();

    /**
     * Values of a batch's targets.
     *
     * @param batch prompts and completions; their tokens are the policy's
     * @return {@code [targets]}, finite: the value before each token
     * @throws ai.preceptor.lm.NotFiniteException if one is not finite
     */
    float[] values(PackedBatch batch);

    @Override
    void close();
}
