package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The blocks of one decoder layer, in the order its kernels take them (layer.kernels says which is which). */
final class LayerWeights {
    private static final int NORMS = 8;
    private static final int BEFORE_ATTENTION = 0;
    private static final int BEFORE_MLP = 5;

    private final NDArray none;
    private final List<Parameter> projections = new ArrayList<>();
    private final List<@Nullable Parameter> biases = new ArrayList<>();
    private final @Nullable Parameter[] norms = new Parameter[NORMS];

    /**
     * Declares a layer's tensors under their Hugging Face names.
     *
     * @param none an empty tensor that stands for an absent bias or norm
     */
    LayerWeights(Parameters parameters, LayerShape shape, String prefix, NDArray none) {
        this.none = none;
        String attention = prefix + "self_attn.";
        String mlp = prefix + "mlp.";
        long d = shape.hidden();
        long f = shape.intermediate();
        long[] qkv = {shape.queries(), shape.keys(), shape.keys()};
        String[] qkvNames = {attention + "q_proj", attention + "k_proj", attention + "v_proj"};
        String[] gateUp = {mlp + "gate_proj", mlp + "up_proj"};
        norms[BEFORE_ATTENTION] = parameters.add(prefix + "input_layernorm.weight", d);
        projections.add(parameters.add(stacked(qkvNames, ".weight", qkv, d)));
        biases.add(shape.attentionBias() ? parameters.add(stacked(qkvNames, ".bias", qkv)) : null);
        projections.add(parameters.add(attention + "o_proj.weight", d, shape.queries()));
        biases.add(shape.attentionBias() ? parameters.add(attention + "o_proj.bias", d) : null);
        norms[BEFORE_MLP] = parameters.add(prefix + "post_attention_layernorm.weight", d);
        projections.add(parameters.add(stacked(gateUp, ".weight", new long[] {f, f}, d)));
        biases.add(shape.mlpBias() ? parameters.add(stacked(gateUp, ".bias", new long[] {f, f})) : null);
        projections.add(parameters.add(mlp + "down_proj.weight", d, f));
        biases.add(shape.mlpBias() ? parameters.add(mlp + "down_proj.bias", d) : null);
    }

    /** Parts of one block, one below the other. */
    private static List<Parameter.Part> stacked(String[] names, String kind, long[] rows, long... columns) {
        List<Parameter.Part> parts = new ArrayList<>();
        long first = 0;
        for (int i = 0; i < names.length; i++) {
            long[] shape = LongStream.concat(LongStream.of(rows[i]), LongStream.of(columns))
                    .toArray();
            parts.add(new Parameter.Part(names[i] + kind, first, shape));
            first += rows[i];
        }
        return parts;
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
