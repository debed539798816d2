package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The blocks of one decoder layer, in the order its kernels take them (layer.kernels says which is which). */
final class LayerWeights {
    private final NDArray none;
    private final List<Parameter> projections = new ArrayList<>();
    private final List<@Nullable Parameter> biases = new ArrayList<>();
    private final @Nullable Parameter[] norms = new Parameter[LayerTensors.NORM_SLOTS];

    /**
     * Declares a layer's tensors under their Hugging Face names.
     *
     * @param none an empty tensor that stands for an absent bias or norm
     */
    LayerWeights(Parameters parameters, LayerTensors tensors, NDArray none) {
        this.none = none;
        for (int i = 0; i < tensors.projections().size(); i++) {
            List<Parameter.Part> bias = tensors.biases().get(i);
            projections.add(parameters.add(tensors.projections().get(i)));
            biases.add(bias.isEmpty() ? null : parameters.add(bias));
        }
        tensors.norms().forEach((slot, part) -> norms[slot] = parameters.add(List.of(part)));
    }

    /** Matrices of qkv, o, gate_up, down. */
    NDArray[] projections() {
        return computed(projections);
    }

    /** Biases of qkv, o, gate_up, down. */
    NDArray[] biases() {
        return computed(biases);
    }

    /** Weights and shifts of the norms. */
    NDArray[] norms() {
        return computed(Arrays.asList(norms));
    }

    NDArray[] projectionGradients() {
        return gradients(projections);
    }

    NDArray[] biasGradients() {
        return gradients(biases);
    }

    NDArray[] normGradients() {
        return gradients(Arrays.asList(norms));
    }

    private NDArray[] computed(List<? extends @Nullable Parameter> blocks) {
        return blocks.stream().map(b -> b == null ? none : b.compute()).toArray(NDArray[]::new);
    }

    private NDArray[] gradients(List<? extends @Nullable Parameter> blocks) {
        return blocks.stream().map(b -> b == null ? none : b.gradient()).toArray(NDArray[]::new);
    }
}
