package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.decoder.Taps;
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
    static DistributionPass of(LanguageModel model, PackedBatch batch, boolean keep, Taps wanted) {
        return model.decoder()
                .forward(
                        batch,
                        keep ? PassMode.TRAINING : PassMode.SCORING,
                        activations -> new DistributionPass(model, activations, batch.targets(), keep),
                        wanted);
    }

    /**
     * Compares with a teacher, without a gradient.
     *
     * @throws IllegalArgumentException if the teacher has another number of rows, or another vocabulary and a divergence
     *     that compares token by token
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

    /** The same, with a further loss over hidden states. */
    public ComparedTokens compareAndBackward(
            TeacherDistributions teacher,
            DistributionComparison how,
            float[] weights,
            float[] nll,
            List<float[]> slopes) {
        return compareAndBackward(teacher, how, weights, nll, slopes, List.of());
    }

    /**
     * The same, with a further loss over hidden states and attention.
     *
     * @param slopes {@code [targets * d]} each: derivative of that loss by {@link #hidden} of each layer asked for; none for none
     * @param attention {@code [targets][keys]} each: by {@link #attention} of each layer asked for; none for none
     */
    public ComparedTokens compareAndBackward(
            TeacherDistributions teacher,
            DistributionComparison how,
            float[] weights,
            float[] nll,
            List<float[]> slopes,
            List<float[][]> attention) {
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
            activations.backward(found.hidden(), first, first && !model.isTied(), taps, attention);
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

    /**
     * The student's attention at the targets, {@code [targets][keys]}: the mean over heads of its probabilities.
     *
     * @param index of the layer among those that were asked for
     */
    public float[][] attention(int index) {
        return activations.attention(index);
    }

    private record Found(NDArray hidden, ComparedTokens tokens) {}

    private Found run(
            TeacherDistributions teacher,
            DistributionComparison how,
            float[] weights,
            float[] nll,
            @Nullable Scope kept,
            boolean first) {
        require(teacher, how, weights, nll);
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
                            new Loss(
                                    own.floats(teacher.factors(weights), teacher.teachers(), targets.length),
                                    own.floats(nll),
                                    head,
                                    first,
                                    back),
                            rows,
                            how.chunk());
            if (kept != null) {
                kept.keep(out[0]);
            }
            return new Found(out[0], tokens(out[1].toFloatArray(), how.terms().size(), teacher));
        }
    }

    private void require(TeacherDistributions teacher, DistributionComparison how, float[] weights, float[] nll) {
        int m = targets.length;
        if (teacher.rows() != m || weights.length != m || (nll.length != 0 && nll.length != m)) {
            throw new IllegalArgumentException("comparison of " + m + " targets: teacher " + teacher.rows()
                    + " rows, " + weights.length + " weights, " + nll.length
                    + " factors of the log-probability; must be as many (or no factors)");
        }
        boolean ranks = how.terms().stream().anyMatch(term -> term.kind() == DivergenceKind.RANK_GAP);
        boolean tokens = how.terms().stream().anyMatch(term -> term.kind() != DivergenceKind.RANK_GAP);
        if (tokens && !teacher.isOver(model.config().vocabSize())) {
            throw new IllegalArgumentException("comparison: teacher's vocabulary " + teacher.vocabulary()
                    + ", student's " + model.config().vocabSize() + "; must be the same");
        }
        if (ranks && !teacher.isWhole()) {
            throw new IllegalArgumentException("comparison: RANK_GAP needs whole distributions of the teacher");
        }
    }

    private ComparedTokens tokens(float[] numbers, int terms, TeacherDistributions teacher) {
        Rows rows = new Rows(numbers, targets.length);
        float[] logprobs = rows.next();
        float[] entropies = rows.next();
        float[] top1 = rows.next();
        boolean blended = teacher.blend() != TeacherDistributions.Blend.SUM;
        List<float[]> combined = new ArrayList<>();
        for (int term = 0; term < terms; term++) {
            combined.add(blended ? rows.next() : new float[targets.length]);
        }
        List<ComparedTokens.OfTeacher> all = new ArrayList<>();
        boolean[] compared = new boolean[targets.length];
        for (int i = 0; i < teacher.teachers(); i++) {
            List<float[]> own = new ArrayList<>();
            for (int term = 0; term < terms; term++) {
                float[] values = rows.next();
                for (int target = 0; target < values.length; target++) {
                    values[target] = teacher.isKnown(i, target) ? values[target] : 0;
                    combined.get(term)[target] += blended ? 0 : (float) teacher.share(i) * values[target];
                }
                own.add(values);
            }
            int known = 0;
            for (int target = 0; target < compared.length; target++) {
                known += teacher.isKnown(i, target) ? 1 : 0;
                compared[target] |= teacher.isKnown(i, target);
            }
            ComparedTokens.Mass mass =
                    teacher.isTop(i) ? new ComparedTokens.Mass(rows.next(), rows.next(), rows.next()) : null;
            all.add(new ComparedTokens.OfTeacher(own, known, mass));
        }
        int any = 0;
        for (boolean one : compared) {
            any += one ? 1 : 0;
        }
        return new ComparedTokens(logprobs, entropies, top1, combined, any, all);
    }

    /** Reads what the kernel gives, an array of the targets at a time. */
    private static final class Rows {
        private final float[] numbers;
        private final int length;
        private int at;

        Rows(float[] numbers, int length) {
            this.numbers = numbers;
            this.length = length;
        }

        float[] next() {
            at += length;
            return Arrays.copyOfRange(numbers, at - length, at);
        }
    }

    @Override
    public void close() {
        activations.close();
    }
}
