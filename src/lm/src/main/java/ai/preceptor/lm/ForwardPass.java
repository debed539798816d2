package ai.preceptor.lm;

import org.jspecify.annotations.Nullable;

/**
 * One packed forward pass whose activations are held until it is closed.
 *
 * <p>It gives numbers to Java and takes back the derivative of a loss by those numbers: whatever computes the loss needs
 * no tensors and no autograd.
 */
public interface ForwardPass extends AutoCloseable {
    /**
     * What the loss is a function of: log-probabilities in nats of the batch's targets {@code [targets]}, or rewards
     * {@code [completions]}, by the kind of model.
     */
    float[] outputs();

    /**
     * Further numbers about the distributions the outputs were read from; of these, a loss is differentiated through
     * entropies only.
     *
     * @throws UnsupportedOperationException for a pass without such distributions
     */
    default TokenStatistics statistics() {
        throw new UnsupportedOperationException("this pass has no distributions over tokens");
    }

    /**
     * Accumulates the gradient of the loss into the model's parameters.
     *
     * @param gradient derivative of the loss by each of {@link #outputs}
     * @throws IllegalArgumentException if the lengths differ
     * @throws IllegalStateException if called twice
     */
    void backward(float[] gradient);

    /**
     * The same for a loss that depends on the distributions' entropies too.
     *
     * @param gradient derivative of the loss by each of {@link #outputs}
     * @param byEntropy derivative of the loss by each entropy in {@link #statistics}; null for none
     * @throws IllegalArgumentException if the lengths differ
     * @throws IllegalStateException if called twice, or if the pass was not asked for {@link TokenStatistic#ENTROPY}
     * @throws UnsupportedOperationException for a pass without such distributions, unless {@code byEntropy} is null
     */
    default void backward(float[] gradient, float @Nullable [] byEntropy) {
        if (byEntropy != null) {
            throw new UnsupportedOperationException("this pass has no entropies to be differentiated through");
        }
        backward(gradient);
    }

    @Override
    void close();
}
