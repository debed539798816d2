package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.DecoderKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.TensorKernels;
import ai.preceptor.lm.weights.LayerTensors;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.PassMode;
import ai.preceptor.lm.weights.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The blocks of one decoder layer, in the order its kernels take them (layer.kernels says which is which). */
public final class LayerWeights {
    private final NDArray none;
    private final List<Parameter> projections = new ArrayList<>();
    private final List<@Nullable Parameter> biases = new ArrayList<>();
    private final @Nullable Parameter[] norms = new Parameter[LayerTensors.NORM_SLOTS];
    private final LoraTerms terms;

    /**
     * Declares a layer's tensors under their Hugging Face names.
     *
     * @param none an empty tensor that stands for an absent bias or norm
     */
    LayerWeights(Parameters parameters, LayerTensors tensors, NDArray none) {
        this.none = none;
        this.terms = new LoraTerms(none);
        for (int i = 0; i < tensors.projections().size(); i++) {
            List<Parameter.Part> bias = tensors.biases().get(i);
            projections.add(parameters.add(tensors.projections().get(i)));
            biases.add(bias.isEmpty() ? null : parameters.add(bias));
        }
        tensors.norms().forEach((slot, part) -> norms[slot] = parameters.add(List.of(part)));
    }

    /** Adds a term of an adapter. */
    public void adapt(LoraTerm term) {
        terms.add(term);
    }

    /** What an adapter adds. */
    LoraTerms terms() {
        return terms;
    }

    /** Blocks of the matrices of qkv, o, gate_up, down. */
    public List<Parameter> matrices() {
        return projections;
    }

    /** What a forward pass computes with. */
    DecoderKernels.Weights forwardWeights(PassMode use) {
        return weights(
                use, projections.stream().map(block -> block.forward(use)).toArray(NDArray[]::new));
    }

    /** What a backward pass computes with. */
    DecoderKernels.Weights weights(PassMode use) {
        return weights(use, computed(projections, use));
    }

    /** What generation computes with: the adapter is added to copies of the matrices that it changes. */
    DecoderKernels.Weights merged(TensorKernels kernels, Scope owner) {
        NDArray[] matrices = computed(projections, PassMode.SCORING);
        boolean[] copied = new boolean[matrices.length];
        for (LoraTerm term : terms.all()) {
            int i = term.projection();
            if (!copied[i]) {
                matrices[i] = kernels.rowsOf(
                        owner, matrices[i], 0, matrices[i].getShape().get(0));
                copied[i] = true;
            }
            kernels.addLowRank(
                    matrices[i],
                    term.firstRow(),
                    term.rows(),
                    term.a().compute(),
                    term.b().compute(),
                    term.scale());
        }
        return weights(PassMode.SCORING, matrices);
    }

    private DecoderKernels.Weights weights(PassMode use, NDArray[] matrices) {
        return new DecoderKernels.Weights(matrices, computed(biases, use), computed(Arrays.asList(norms), use));
    }

    /** Where a backward pass adds gradients. */
    DecoderKernels.Gradients gradients() {
        return new DecoderKernels.Gradients(
                gradients(projections), terms.gradients(), gradients(biases), gradients(Arrays.asList(norms)));
    }

    /** Whether any of its weights, or an adapter's, is trained. */
    boolean isTrainable() {
        return !terms.all().isEmpty()
                || Stream.of(projections, biases, Arrays.asList(norms))
                        .flatMap(List::stream)
                        .anyMatch(block -> block != null && block.isTrainable());
    }

    /** What the gradients take, in bytes. */
    long gradientBytes() {
        return Arrays.stream(gradients().all())
                .flatMap(Arrays::stream)
                .mapToLong(gradient -> gradient.size() * Precision.FLOAT32.bytes())
                .sum();
    }

    private NDArray[] computed(List<? extends @Nullable Parameter> blocks, PassMode use) {
        return blocks.stream().map(b -> b == null ? none : b.compute(use)).toArray(NDArray[]::new);
    }

    private NDArray[] gradients(List<? extends @Nullable Parameter> blocks) {
        return blocks.stream().map(b -> b == null ? none : b.gradientOr(none)).toArray(NDArray[]::new);
    }
}
