package ai.preceptor.lm.optim;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.torch.OptimizerKernels;
import ai.preceptor.lm.torch.OptimizerKernels.AdamState;
import ai.preceptor.lm.torch.OptimizerKernels.AdamStep;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.TensorKernels;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.Precision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * AdamW with decoupled weight decay and clipping by the global norm, fused: one pass over weights, gradients and moments.
 *
 * <p>Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2. Clipping is
 * PyTorch's {@code clip_grad_norm_}: the factor is {@code min(1, max / (norm + 1e-6))}.
 */
public final class AdamW implements AutoCloseable {
    private static final List<String> MOMENTS = List.of("exp_avg.", "exp_avg_sq.");

    private final Parameters parameters;
    private final AdamWOptions options;
    private final Scope owner;
    private final Group decaying;
    private final Group plain;
    private Collective learners = Collective.single();
    private long steps;

    /** Moments start at 0. */
    public AdamW(Parameters parameters, AdamWOptions options) {
        this.parameters = parameters;
        this.options = options;
        this.owner = parameters.torch().scope();
        List<Parameter> trainable = parameters.trained();
        try {
            this.decaying =
                    new Group(trainable.stream().filter(Parameter::decays).toList());
            this.plain = new Group(trainable.stream().filter(p -> !p.decays()).toList());
        } catch (RuntimeException | Error failed) {
            owner.close();
            throw failed;
        }
    }

    private final class Group {
        private final List<Parameter> blocks;

        /** Of the rows that this learner updates; all of them unless the moments are divided. */
        private @Nullable AdamState state;

        /** Whose moments {@code state} has. */
        private List<Parameter> own;

        Group(List<Parameter> blocks) {
            this.blocks = blocks;
            this.own = blocks;
        }

        /** Made when it is first used, so that it is never there whole where it is divided. */
        AdamState state() {
            AdamState made = state;
            if (made == null) {
                made = isDivided() ? ofShare() : ofAll();
                state = made;
            }
            return made;
        }

        private AdamState ofAll() {
            return new AdamState(
                    each(Parameter::master),
                    each(Parameter::gradient),
                    each(this::moment),
                    each(this::moment),
                    each(block -> owner.floats(new float[] {0}, new long[] {1})));
        }

        private NDArray[] each(Function<Parameter, NDArray> tensor) {
            return blocks.stream().map(tensor).toArray(NDArray[]::new);
        }

        private NDArray moment(Parameter block) {
            long[] shape = block.master().getShape().getShape();
            return parameters.torch().kernels().tensors().zeros(owner, block.master(), shape, Precision.FLOAT32.code());
        }

        /** Keeps the moments of one learner's rows. */
        private AdamState ofShare() {
            own = blocks.stream()
                    .filter(block -> share(block, learners.rank()).rows() > 0)
                    .toList();
            return new AdamState(
                    views(learners.rank(), Parameter::master),
                    views(learners.rank(), Parameter::gradient),
                    own.stream().map(this::momentOfShare).toArray(NDArray[]::new),
                    own.stream().map(this::momentOfShare).toArray(NDArray[]::new),
                    own.stream()
                            .map(block -> owner.floats(new float[] {steps}, new long[] {1}))
                            .toArray(NDArray[]::new));
        }

        private NDArray momentOfShare(Parameter block) {
            long[] shape = block.master().getShape().getShape().clone();
            shape[0] = share(block, learners.rank()).rows();
            return tensors().zeros(owner, block.master(), shape, Precision.FLOAT32.code());
        }

        /** The rows of a learner's share, of the blocks where it has some. */
        private NDArray[] views(int rank, Function<Parameter, NDArray> tensor) {
            return blocks.stream()
                    .filter(block -> share(block, rank).rows() > 0)
                    .map(block -> view(owner, tensor.apply(block), share(block, rank)))
                    .toArray(NDArray[]::new);
        }

        /** Takes the updated rows from the learners that updated them. */
        void exchange() {
            for (int rank = 0; rank < learners.world(); rank++) {
                try (Scope scope = parameters.torch().scope()) {
                    int source = rank;
                    learners.broadcast(
                            blocks.stream()
                                    .filter(block -> share(block, source).rows() > 0)
                                    .map(block -> view(scope, block.master(), share(block, source)))
                                    .toArray(NDArray[]::new),
                            source);
                }
            }
        }

        void step(double learningRate, double decay, NDArray divisor) {
            AdamState now = state();
            if (!own.isEmpty()) {
                optimizer()
                        .adamw(
                                now,
                                new AdamStep(learningRate, options.beta1(), options.beta2(), decay, options.epsilon()),
                                divisor);
            }
        }
    }

    /** The global L2 norm of the gradients as they are, before clipping. */
    public double gradientNorm() {
        NDArray[] all = Stream.of(decaying, plain)
                .flatMap(group -> group.blocks.stream())
                .map(Parameter::gradient)
                .toArray(NDArray[]::new);
        try (Scope scope = parameters.torch().scope()) {
            return optimizer().gradientNorm(scope, all).toFloatArray()[0];
        }
    }

    /**
     * Clips, updates the weights and forgets the gradients. A norm that is not finite changes nothing: the caller decides.
     *
     * @param learningRate 0 or more
     * @param maxGradNorm gradients are scaled down to this global L2 norm; 0 for no clipping
     * @return the gradients' global norm before clipping
     * @throws IllegalStateException when no gradient was accumulated
     */
    public double step(double learningRate, double maxGradNorm) {
        if (!parameters.hasGradients()) {
            throw new IllegalStateException("optimizer step without a backward pass");
        }
        double norm = gradientNorm();
        if (!Double.isFinite(norm)) {
            return norm;
        }
        double divisor = maxGradNorm > 0 ? Math.max(1, (norm + 1e-6) / maxGradNorm) : 1;
        try (Scope scope = parameters.torch().scope()) {
            NDArray scale = scope.floats(new float[] {(float) divisor});
            decaying.step(learningRate, options.weightDecay(), scale);
            plain.step(learningRate, 0, scale);
        }
        if (isDivided()) {
            decaying.exchange();
            plain.exchange();
        }
        steps++;
        parameters.refreshCopies();
        parameters.clearGradients();
        parameters.updated(steps);
        return norm;
    }

    /**
     * Divides the moments among learners, each of which then updates its rows of every block and takes the others' from the others
     * (ZeRO stage 1: Rajbhandari et al. 2020, arXiv:1910.02054). Gradients are summed before a step. Before the first step; moments
     * start at 0.
     */
    public void divide(Collective among) {
        if (decaying.state != null || plain.state != null) {
            throw new IllegalStateException("optimizer: divided after its moments were made");
        }
        learners = among;
    }

    /** Whether {@link #state} has the moments of some rows only. */
    public boolean isDivided() {
        return learners.world() > 1;
    }

    /**
     * The moments of all rows, by the names of {@link #state}; empty on all learners but the first. Each of them calls it.
     *
     * @param out owns what is given
     */
    public Map<String, NDArray> gathered(Scope out) {
        Map<String, NDArray> all = new LinkedHashMap<>();
        Map<String, NDArray> mine = state();
        for (Group group : List.of(decaying, plain)) {
            for (Parameter block : group.blocks) {
                for (String kind : MOMENTS) {
                    String name = kind + block.parts().get(0).name();
                    try (Scope scope = parameters.torch().scope()) {
                        NDArray whole = whole(scope, block);
                        NDArray own = mine.get(name);
                        if (own != null) {
                            tensors().copyInto(view(scope, whole, share(block, learners.rank())), own);
                        }
                        learners.sum(new NDArray[] {whole});
                        if (learners.rank() == 0) {
                            all.put(name, out.keep(whole));
                        }
                    }
                }
            }
        }
        return all;
    }

    /**
     * Takes this learner's rows of saved moments.
     *
     * @param read fills a tensor with the moment of a name
     */
    public void restore(BiConsumer<String, NDArray> read) {
        Map<String, NDArray> mine = state();
        for (Group group : List.of(decaying, plain)) {
            for (Parameter block : group.own) {
                for (String kind : MOMENTS) {
                    String name = kind + block.parts().get(0).name();
                    try (Scope scope = parameters.torch().scope()) {
                        NDArray whole = whole(scope, block);
                        read.accept(name, whole);
                        tensors()
                                .copyInto(
                                        Objects.requireNonNull(mine.get(name)),
                                        view(scope, whole, share(block, learners.rank())));
                    }
                }
            }
        }
    }

    private NDArray whole(Scope scope, Parameter block) {
        long[] shape = block.master().getShape().getShape();
        return tensors().zeros(scope, block.master(), shape, Precision.FLOAT32.code());
    }

    private RowShare share(Parameter block, int rank) {
        return RowShare.of(block.master().getShape().get(0), rank, learners.world());
    }

    private NDArray view(Scope scope, NDArray whole, RowShare share) {
        return tensors().rowView(scope, whole, share.first(), share.rows());
    }

    private TensorKernels tensors() {
        return parameters.torch().kernels().tensors();
    }

    private OptimizerKernels optimizer() {
        return parameters.torch().kernels().optimizer();
    }

    /** Updates made. */
    public long steps() {
        return steps;
    }

    /**
     * The moments under the names of the checkpoint's blocks: {@code exp_avg.NAME} and {@code exp_avg_sq.NAME}, live
     * tensors of the optimizer in float32, of this learner's rows where they are divided. A block is named after its first part.
     */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        for (Group group : List.of(decaying, plain)) {
            AdamState moments = group.state();
            for (int i = 0; i < group.own.size(); i++) {
                String name = group.own.get(i).parts().get(0).name();
                state.put("exp_avg." + name, moments.first()[i]);
                state.put("exp_avg_sq." + name, moments.second()[i]);
            }
        }
        return state;
    }

    /** Continues a saved optimizer, after its moments were written into {@link #state}. */
    public void resumeAt(long steps) {
        this.steps = steps;
        parameters.updated(steps);
        for (Group group : List.of(decaying, plain)) {
            for (NDArray step : group.state().steps()) {
                parameters.torch().kernels().tensors().fill(step, (double) steps);
            }
        }
    }

    @Override
    public void close() {
        owner.close();
    }
}
