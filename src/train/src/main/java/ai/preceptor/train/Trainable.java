package ai.preceptor.train;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.run.Stateful;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model in training, with its gradients and its optimizer: what the loop needs of it, whether its outputs are
 * log-probabilities or rewards. One thread uses it.
 */
public interface Trainable extends Stateful {

    /** Runs the batch and keeps what its backward pass needs until the pass is closed. */
    ForwardPass forward(PackedBatch batch);

    /**
     * The same, with further numbers about each target's distribution in {@link ForwardPass#statistics}.
     *
     * @param wanted which; by default none is computed
     */
    default ForwardPass forward(PackedBatch batch, Set<TokenStatistic> wanted) {
        return forward(batch);
    }

    /**
     * One optimizer step on the gradients collected since the last one, which are gone afterwards.
     *
     * @param learningRate of this step, {@code >= 0}
     * @param maxGradNorm norm that the gradient is cut down to, or 0 for no clipping
     * @return global L2 norm of the gradient before clipping. When it, or a number of {@link #stepMetrics}, is not finite,
     *     neither parameters nor optimizer have changed
     */
    double step(double learningRate, double maxGradNorm);

    /**
     * Says that several learners train it, of which this process is one; before the first pass.
     *
     * @param dividesOptimizer whether each keeps only its part of the optimizer's state
     * @throws UnsupportedOperationException by default
     */
    default void join(Collective learners, boolean dividesOptimizer) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + ": cannot be trained by several learners");
    }

    /**
     * Replaces the gradients collected since the last step by their sum over the learners; of a learner that collected none they are
     * 0. Before {@link #step}, where there are several.
     *
     * @throws UnsupportedOperationException by default: this model cannot be trained by several learners
     */
    default void sumGradients(Collective learners) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + ": cannot be trained by several learners");
    }

    /**
     * Bytes that are equal where all trained weights are, to the last bit; learners compare them when a checkpoint is due.
     *
     * @return none by default, and then nothing is compared
     */
    default byte[] digest() {
        return new byte[0];
    }

    /** Global L2 norm of the gradients collected since the last step; it changes nothing. */
    double gradientNorm();

    /** Further numbers of the last {@link #step}, by their names in the metrics; none by default. */
    default Map<String, Double> stepMetrics() {
        return Map.of();
    }

    /** Forgets the gradients collected since the last step. */
    void discardGradients();

    /** Which weights hold a NaN or an infinity, in words; empty where none does, or where that is not known, as by default. */
    default Optional<String> brokenWeights() {
        return Optional.empty();
    }

    /** About how many bytes {@link #saveState} writes. */
    long stateBytes();

    /** About how many bytes {@link #saveModel} writes. */
    long modelBytes();

    /**
     * Writes the model in the layout of Hugging Face.
     *
     * @param directory exists and is empty; {@link ai.preceptor.data.files.AtomicFiles#directory} makes one under a
     *     temporary name and renames
     */
    void saveModel(Path directory);
}
