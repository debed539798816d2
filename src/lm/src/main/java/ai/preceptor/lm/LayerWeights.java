package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The blocks of one decoder layer, in the order its kernels take them. */
final class LayerWeights {
    private final NDArray none;
    private final List<Parameter> weights;
    private final List<@Nullable Parameter> biases;

    private LayerWeights(NDArray none, List<Parameter> weights, List<@Nullable Parameter> biases) {
        this.none = none;
        this.weights = weights;
        this.biases = biases;
    }

    /**
     * Declares a layer's tensors under their Hugging Face names.
     *
     * @param none an empty tensor that stands for an absent bias
     */
    static LayerWeights declare(Parameters parameters, LayerShape shape, String prefix, NDArray none) {
        String attention = prefix + "self_attn.";
        String mlp = prefix + "mlp.";
        List<Parameter> weights = new ArrayList<>();
        List<@Nullable Parameter> biases = new ArrayList<>();
        long d = shape.hidden();
        long f = shape.intermediate();
        long[] qkv = {shape.queries(), shape.keys(), shape.keys()};
        String[] qkvNames = {attention + "q_proj", attention + "k_proj", attention + "v_proj"};
        String[] gateUp = {mlp + "gate_proj", mlp + "up_proj"};
        weights.add(parameters.add(prefix + "input_layernorm.weight", d));
        weights.add(parameters.add(stacked(qkvNames, ".weight", qkv, d)));
        biases.add(shape.attentionBias() ? parameters.add(stacked(qkvNames, ".bias", qkv)) : null);
        weights.add(parameters.add(attention + "o_proj.weight", d, shape.queries()));
        biases.add(shape.attentionBias() ? parameters.add(attention + "o_proj.bias", d) : null);
        weights.add(parameters.add(prefix + "post_attention_layernorm.weight", d));
        weights.add(parameters.add(stacked(gateUp, ".weight", new long[] {f, f}, d)));
        biases.add(shape.mlpBias() ? parameters.add(stacked(gateUp, ".bias", new long[] {f, f})) : null);
        weights.add(parameters.add(mlp + "down_proj.weight", d, f));
        biases.add(shape.mlpBias() ? parameters.add(mlp + "down_proj.bias", d) : null);
        return new LayerWeights(none, weights, biases);
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

    /** norm1, qkv, o, norm2, gate_up, down. */
    NDArray[] weights() {
        return weights.stream().map(Parameter::compute).toArray(NDArray[]::new);
    }

    /** Biases of qkv, o, gate_up, down; an empty tensor where there is none. */
    NDArray[] biases() {
        return biases.stream().map(b -> b == null ? none : b.compute()).toArray(NDArray[]::new);
    }

    NDArray[] weightGradients() {
        return weights.stream().map(Parameter::gradient).toArray(NDArray[]::new);
    }

    NDArray[] biasGradients() {
        return biases.stream().map(b -> b == null ? none : b.gradient()).toArray(NDArray[]::new);
    }
}
