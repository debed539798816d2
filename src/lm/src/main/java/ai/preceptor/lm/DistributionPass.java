package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.torch.DivergenceKernels.Loss;
import ai.preceptor.lm.torch.DivergenceKernels.Student;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.PassMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A forward pass whose loss is a function of whole next-token distributions. The head is outside any graph: logits of a chunk
 * of targets exist at a time, and their gradient is added to the hidden states' and the head's immediately.
 */
public final class DistributionPass implements AutoCloseable {
    /** Bytes of logits that are processed together, so that they fit into a processor's cache. */
    static final long WORKED_BYTES = 8L << 20;

    private final LanguageModel model;
    private final Decoder.Activations activations;
    private final Scope scope;
    private final int[] targets;
    private final boolean keep;
    private boolean used;

    private DistributionPass(LanguageModel model, Decoder.Activations activations, int[] targets, boolean keep) {
        this.model = model;
        this.activations = activations;
        this.scope = activations.scope();
        this.targets = targets;
        this.keep = keep;
    }

    /** Runs the trunk. */
    static DistributionPass of(LanguageModel model, PackedBatch batch, boolean keep, int[] layers) {
        return model.decoder()
                .forward(
                        batch,
                        keep ? PassMode.TRAINING : PassMode.SCORING,
                        activations -> new DistributionPass(model, activations, batch.targets(), keep),
                        layers);
    }

    /**
     * Compares with a teacher, without a gradient.
     *
     * @throws IllegalArgumentException if the teacher has another number of rows or another vocabulary
     */
    public ComparedTokens compare(TeacherDistributions teacher, DistributionComparison how) {
        return run(teacher, how, new float[targets.length], new float[0], null, false)
                .tokens();
    }

    /**
     * Compares with a teacher and accumulates the gradient of
     * {@code sum of weights * divergences - sum of nll * log-probabilities} into the model's parameters.
     *
     * @param weights {@code [targets]}: factor of the weighted sum of divergences at each target
     * @param nll {@code [targets]}: factor of the negative log-probability of each target; empty for none
     * @throws IllegalArgumentException if lengths or vocabularies differ
     * @throws IllegalStateException if called twice, or on a pass that keeps nothing
     */
    public ComparedTokens compareAndBackward(
            TeacherDistributions teacher, DistributionComparison how, float[] weights, float[] nll) {
        return compareAndBackward(teacher, how, weights, nll, List.of());
    }

    /**
     * The same, with a further loss over hidden states.
     *
     * @param slopes {@code [targets * d]} each: derivative of that loss by {@link #hidden} of each layer asked for; none for none
     */
    public ComparedTokens compareAndBackward(
            TeacherDistributions teacher,
            DistributionComparison how,
            float[] weights,
            float[] nll,
            List<float[]> slopes) {
        if (used || !keep) {
            throw new IllegalStateException(
                    keep
                            ? "backward was called on this pass before"
                            : "this pass keeps no activations for a backward pass");
        }
        used = true;
        Parameters parameters = model.parameters();
        boolean first = parameters.takeFresh();
        try (Scope inner = scope.sub()) {
            Found found = run(teacher, how, weights, nll, inner, first);
            NDArray[] taps = slopes.stream()
                    .map(slope ->
                            inner.floats(slope, targets.length, model.config().hiddenSize()))
                    .toArray(NDArray[]::new);
            activations.backward(found.hidden(), first, first && !model.isTied(), taps);
            return found.tokens();
        }
    }

    /**
     * The student's hidden states at the targets, {@code [targets * d]}.
     *
     * @param index of the layer among those that were asked for
     */
    public float[] hidden(int index) {
        return activations.tap(index).toFloatArray();
    }

    private record Found(NDArray hidden, ComparedTokens tokens) {}

    private Found run(
            TeacherDistributions teacher,
            DistributionComparison how,
            float[] weights,
            float[] nll,
            @Nullable Scope kept,
            boolean first) {
        require(teacher, weights, nll);
        boolean back = kept != null;
        long width = 4L * model.config().vocabSize();
        long rows = Math.max(1, Math.min(how.chunk(), WORKED_BYTES / width));
        try (Scope own = scope.sub()) {
            NDArray head = back ? model.head().gradientOr(model.decoder().none()) : own.zeros(0);
            NDArray[] out = model.parameters()
                    .torch()
                    .kernels()
                    .divergence()
                    .compare(
                            own,
                            new Student(activations.rounded(), model.head().compute(), own.indices(targets)),
                            teacher.forKernels(),
                            how.forKernels(),
                            new Loss(own.floats(weights), own.floats(nll), head, first, back),
                            rows,
                            how.chunk());
            if (kept != null) {
                kept.keep(out[0]);
            }
            return new Found(out[0], tokens(out[1].toFloatArray(), how.terms().size()));
        }
    }

    private void require(TeacherDistributions teacher, float[] weights, float[] nll) {
        int m = targets.length;
        if (teacher.rows() != m || weights.length != m || (nll.length != 0 && nll.length != m)) {
            throw new IllegalArgumentException("comparison of " + m + " targets: teacher " + teacher.rows()
                    + " rows, " + weights.length + " weights, " + nll.length
                    + " factors of the log-probability; must be as many (or no factors)");
        }
        if (teacher.vocabulary() != model.config().vocabSize()) {
            throw new IllegalArgumentException("comparison: teacher's vocabulary " + teacher.vocabulary()
                    + ", student's " + model.config().vocabSize() + "; must be the same");
        }
    }

    private ComparedTokens tokens(float[] numbers, int terms) {
        int m = targets.length;
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < 3 + terms; i++) {
            rows.add(Arrays.copyOfRange(numbers, i * m, (i + 1) * m));
        }
        return new ComparedTokens(rows.get(0), rows.get(1), rows.get(2), List.copyOf(rows.subList(3, 3 + terms)));
    }

    @Override
    public void close() {
        activations.close();
    }
}
