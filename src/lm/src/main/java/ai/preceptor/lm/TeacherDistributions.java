package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.torch.DivergenceKernels;
import ai.preceptor.lm.torch.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Next-token distributions of a teacher, or of several, at the targets of a batch, as a {@link DistributionPass} takes them:
 * whole, through the teacher's hidden states, or its most probable tokens only. Its owner closes it.
 */
public final class TeacherDistributions implements AutoCloseable {
    private final List<One> teachers;
    private final double[] shares;
    private final Blend blend;

    /** What stands for the tokens that are not listed. */
    public enum Tail {
        /** One outcome, compared with the sum of the student's probabilities of all of them. */
        BUCKET,
        /** Their mass, spread evenly over them. */
        SPREAD
    }

    /** How several teachers are one. */
    public enum Blend {
        /** The sum of the divergences from each, by their shares. */
        SUM(0),
        /** The divergence from their mean distribution. */
        AVERAGED_PROBS(1),
        /** The divergence from the distribution of their mean logits: their normalized geometric mean. */
        AVERAGED_LOGITS(2);

        private final int code;

        Blend(int code) {
            this.code = code;
        }
    }

    /**
     * One teacher's.
     *
     * @param activations whose hidden states they are; null where tokens are listed
     * @param places {@code [targets]}: whose distribution stands for each target, below 0 for none; null for each its own
     */
    private record One(
            Scope owner,
            Decoder.@Nullable Activations activations,
            NDArray[] tensors,
            boolean bucket,
            int vocabulary,
            int @Nullable [] places) {
        int rows() {
            return Math.toIntExact(tensors[0].getShape().get(0));
        }

        boolean isKnown(int target) {
            return places == null || places[target] >= 0;
        }
    }

    private TeacherDistributions(List<One> teachers, double[] shares, Blend blend) {
        this.teachers = teachers;
        this.shares = shares;
        this.blend = blend;
    }

    private static TeacherDistributions alone(One teacher) {
        return new TeacherDistributions(List.of(teacher), new double[] {1}, Blend.SUM);
    }

    /** Whole distributions of a model, from its hidden states; takes over {@code activations}. */
    static TeacherDistributions whole(Decoder.Activations activations, NDArray head, int vocabulary) {
        NDArray[] tensors = {activations.rounded(), head};
        return alone(new One(activations.scope(), activations, tensors, false, vocabulary, null));
    }

    /** The same for other targets: {@code places} says which of these stands for each of them, below 0 for none. */
    static TeacherDistributions placed(
            Decoder.Activations activations, LanguageModel model, NDArray head, int[] places) {
        Scope owner = activations.scope();
        int[] rows = Arrays.stream(places).map(place -> Math.max(0, place)).toArray();
        NDArray hidden = model.parameters()
                .torch()
                .kernels()
                .tensors()
                .pickedRows(owner, new NDArray[] {activations.rounded()}, owner.indices(rows))[0];
        NDArray[] tensors = {hidden, head};
        int vocabulary = model.config().vocabSize();
        return alone(new One(owner, null, tensors, false, vocabulary, places.clone()));
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
            return alone(new One(
                    scope, null, tensors, tail == Tail.BUCKET, model.config().vocabSize(), null));
        });
    }

    /**
     * Several teachers' distributions at the same targets.
     *
     * @param teachers one teacher each; closed with this, also where this throws
     * @param shares of each, 0 or more, at least one above 0; divided by their sum
     * @throws IllegalArgumentException if they do not fit, or distributions that have no mean are averaged: over other
     *     vocabularies, of part of the targets, with a bucket
     */
    public static TeacherDistributions several(List<TeacherDistributions> teachers, double[] shares, Blend blend) {
        List<One> all = new ArrayList<>();
        teachers.forEach(teacher -> all.addAll(teacher.teachers));
        double sum = Arrays.stream(shares).sum();
        TeacherDistributions made = new TeacherDistributions(
                List.copyOf(all),
                Arrays.stream(shares).map(share -> share / sum).toArray(),
                blend);
        try {
            made.requireFit();
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private void requireFit() {
        One first = teachers.get(0);
        if (shares.length != teachers.size()
                || Arrays.stream(shares).anyMatch(share -> !(share >= 0))
                || teachers.stream().anyMatch(one -> one.rows() != first.rows())) {
            throw new IllegalArgumentException("teachers: " + teachers.size() + " with shares "
                    + Arrays.toString(shares) + " at " + first.rows() + " targets, must be as many of each");
        }
        if (blend != Blend.SUM
                && teachers.stream()
                        .anyMatch(one ->
                                one.bucket() || one.places() != null || one.vocabulary() != first.vocabulary())) {
            throw new IllegalArgumentException(
                    "teachers: " + blend + " needs whole distributions over one vocabulary at every target");
        }
    }

    /**
     * The teacher's hidden states at the targets, {@code [rows * d]}.
     *
     * @param index of the layer among those that were asked for
     * @throws IllegalStateException where only tokens are known, or there are several teachers
     */
    public float[] hidden(int index) {
        return activations().tap(index).toFloatArray();
    }

    /**
     * The teacher's attention at the targets, {@code [rows][keys]}: the mean over heads of its probabilities.
     *
     * @param index of the layer among those that were asked for
     * @throws IllegalStateException as {@link #hidden}
     */
    public float[][] attention(int index) {
        return activations().attention(index);
    }

    private Decoder.Activations activations() {
        Decoder.Activations activations =
                teachers.size() > 1 ? null : teachers.get(0).activations();
        if (activations == null) {
            throw new IllegalStateException(
                    "no hidden states of several teachers, or of one known by its top tokens or with other targets");
        }
        return activations;
    }

    DivergenceKernels.Teachers forKernels() {
        return new DivergenceKernels.Teachers(
                teachers.stream().flatMap(one -> Arrays.stream(one.tensors())).toArray(NDArray[]::new),
                teachers.stream().mapToLong(one -> one.bucket() ? 1 : 0).toArray(),
                shares,
                blend.code);
    }

    /** Factors {@code [teachers * m]} of the divergences from each at each target, in a loss that has {@code weights [m]}. */
    float[] factors(float[] weights) {
        float[] factors = new float[teachers.size() * weights.length];
        for (int i = 0; i < teachers.size(); i++) {
            for (int target = 0; target < weights.length; target++) {
                float share = blend == Blend.SUM ? (float) shares[i] : 1;
                factors[i * weights.length + target] = isKnown(i, target) ? share * weights[target] : 0;
            }
        }
        return factors;
    }

    /** Whether a teacher has a distribution at a target. */
    boolean isKnown(int teacher, int target) {
        return teachers.get(teacher).isKnown(target);
    }

    /** Whether a teacher is known by its most probable tokens only. */
    boolean isTop(int teacher) {
        One one = teachers.get(teacher);
        return one.activations() == null && one.places() == null;
    }

    /** How many teachers. */
    int teachers() {
        return teachers.size();
    }

    double share(int teacher) {
        return shares[teacher];
    }

    Blend blend() {
        return blend;
    }

    /** Whether all distributions are whole, so that they can be sorted. */
    boolean isWhole() {
        return IntStream.range(0, teachers.size()).noneMatch(this::isTop);
    }

    /** Whether all distributions are over so many tokens. */
    boolean isOver(int vocabulary) {
        return teachers.stream().allMatch(one -> one.vocabulary() == vocabulary);
    }

    /** Tokens that distributions are over; of several teachers the first's. */
    public int vocabulary() {
        return teachers.get(0).vocabulary();
    }

    /** How many distributions each teacher has. */
    public int rows() {
        return teachers.get(0).rows();
    }

    @Override
    public void close() {
        teachers.forEach(one -> one.owner().close());
    }
}
