package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.torch.DivergenceKernels;
import ai.preceptor.lm.torch.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A teacher's next-token distributions at the targets of a batch, as a {@link DistributionPass} takes them: whole, through
 * the teacher's hidden states, or its most probable tokens only. Its owner closes it.
 */
public final class TeacherDistributions implements AutoCloseable {
    private final Scope owner;
    private final Decoder.@Nullable Activations activations;
    private final NDArray[] tensors;
    private final boolean bucket;
    private final int vocabulary;
    private final int rows;

    /** What stands for the tokens that are not listed. */
    public enum Tail {
        /** One outcome, compared with the sum of the student's probabilities of all of them. */
        BUCKET,
        /** Their mass, spread evenly over them. */
        SPREAD
    }

    private TeacherDistributions(
            Scope owner, Decoder.@Nullable Activations activations, NDArray[] tensors, boolean bucket, int vocabulary) {
        this.owner = owner;
        this.activations = activations;
        this.tensors = tensors;
        this.bucket = bucket;
        this.vocabulary = vocabulary;
        this.rows = Math.toIntExact(tensors[0].getShape().get(0));
    }

    /** Whole distributions of a model, from its hidden states; takes over {@code activations}. */
    static TeacherDistributions whole(Decoder.Activations activations, NDArray head, int vocabulary) {
        NDArray[] tensors = {activations.rounded(), head};
        return new TeacherDistributions(activations.scope(), activations, tensors, false, vocabulary);
    }

    /**
     * Distributions of which the most probable tokens are known.
     *
     * @param model on whose device
     * @param top of as many targets as the batch has, in their order
     */
    public static TeacherDistributions of(LanguageModel model, TopTokens top, Tail tail) {
        int rows = top.rows();
        return model.parameters().torch().owning(scope -> {
            NDArray ids = scope.keep(scope.indices(top.ids()).reshape(rows, top.k()));
            NDArray logprobs = scope.floats(top.logprobs(), rows, top.k() + 1);
            NDArray[] tensors = {ids, logprobs};
            return new TeacherDistributions(
                    scope, null, tensors, tail == Tail.BUCKET, model.config().vocabSize());
        });
    }

    /**
     * The teacher's hidden states at the targets, {@code [rows * d]}.
     *
     * @param index of the layer among those that were asked for
     * @throws IllegalStateException where only tokens are known
     */
    public float[] hidden(int index) {
        if (activations == null) {
            throw new IllegalStateException("a teacher known by its top tokens has no hidden states");
        }
        return activations.tap(index).toFloatArray();
    }

    DivergenceKernels.Teacher forKernels() {
        return new DivergenceKernels.Teacher(tensors, bucket ? 1 : 0);
    }

    /** Tokens that distributions are over. */
    public int vocabulary() {
        return vocabulary;
    }

    /** How many distributions there are. */
    public int rows() {
        return rows;
    }

    @Override
    public void close() {
        owner.close();
    }
}
