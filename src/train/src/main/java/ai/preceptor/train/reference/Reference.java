package ai.preceptor.train.reference;

import ai.preceptor.lm.batch.PackedBatch;
import java.util.List;

/**
 * The frozen model that a policy is compared with: log-probabilities of the targets of a batch, in nats.
 *
 * <p>As a lambda over a model that is kept beside the one in training, {@code (rows, batch) -> frozen.logprobs(batch)};
 * or {@link PrecomputedReference}, which keeps numbers instead of a second model.
 */
@FunctionalInterface
public interface Reference<R> {

    /**
     * @param rows the rows, in the order they were packed
     * @param batch the rows, packed
     * @return {@code [targets]}: what the reference gives each target of {@code batch}
     */
    float[] logprobs(List<R> rows, PackedBatch batch);

    /** A language model that only computes log-probabilities. */
    @FunctionalInterface
    interface FrozenModel {
        /** {@code [targets]}: log-probability of each target of {@code batch} in nats. */
        float[] logprobs(PackedBatch batch);
    }
}
