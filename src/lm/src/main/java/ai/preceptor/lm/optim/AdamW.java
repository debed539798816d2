package ai.preceptor.lm.optim;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.OptimizerKernels;
import ai.preceptor.lm.torch.OptimizerKernels.AdamState;
import ai.preceptor.lm.torch.OptimizerKernels.AdamStep;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.Precision;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * AdamW with decoupled weight decay and clipping by the global norm, fused: one pass over weights, gradients and moments.
 *
 * <p>Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2. Clipping is
 * PyTorch's {@code clip_grad_norm_}: the factor is {@code min(1, max / (norm + 1e-6))}.
 */
public final class AdamW implements AutoCloseable {
    private final Parameters parameters;
    private final AdamWOptions options;
    private final Scope owner;
    private final Group decaying;
    private final Group plain;
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
        private final AdamState state;

        Group(List<Parameter> blocks) {
            this.blocks = blocks;
            this.state = new AdamState(
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

        void step(double learningRate, double decay, NDArray divisor) {
            if (!blocks.isEmpty()) {
                optimizer()
                        .adamw(
                                state,
                                new AdamStep(learningRate, options.beta1(), options.beta2(), decay, options.epsilon()),
                                divisor);
            }
        }
    }

    /** The global L2 norm of the gradients as they are, before clipping. */
    public double gradientNorm() {
        NDArray[] all = Stream.of(decaying, plain)
                .flatMap(group -> Arrays.stream(group.state.gradients()))
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
        steps++;
        parameters.refreshCopies();
        parameters.clearGradients();
        parameters.updated(steps);
        return norm;
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
     * tensors of the optimizer in float32. A block is named after its first part.
     */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        for (Group group : List.of(decaying, plain)) {
            for (int i = 0; i < group.blocks.size(); i++) {
                String name = group.blocks.get(i).parts().get(0).name();
                state.put("exp_avg." + name, group.state.first()[i]);
                state.put("exp_avg_sq." + name, group.state.second()[i]);
            }
        }
        return state;
    }

    /** Continues a saved optimizer, after its moments were written into {@link #state}. */
    public void resumeAt(long steps) {
        this.steps = steps;
        parameters.updated(steps);
        for (Group group : List.of(decaying, plain)) {
            for (NDArray step : group.state.steps()) {
                parameters.torch().kernels().tensors().fill(step, (double) steps);
            }
        }
    }

    @Override
    public void close() {
        owner.close();
    }
}
