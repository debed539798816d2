package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.torch.DecoderKernels;
import ai.preceptor.lm.torch.KernelPlan;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.PassMode;
import ai.preceptor.lm.weights.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A model's weights as generation reads them: flat lists that one kernel call takes. The tensors are the model's own, so
 * training between two calls shows.
 *
 * @param torch the device they are on
 * @param config sizes
 * @param precision element type of the matrices; norms are float32
 * @param plan what kernels know of it
 * @param embeddings of tokens, {@code [vocabulary, d]}, and where they are learned of positions
 * @param projections four a layer: qkv, o, gate_up, down
 * @param biases four a layer; empty tensors where there is none
 * @param norms eight a layer, then weight and shift of the final norm; empty tensors where there is none
 * @param head {@code [vocabulary, d]}
 */
public record DecoderWeights(
        Torch torch,
        DecoderConfig config,
        Precision precision,
        KernelPlan plan,
        List<NDArray> embeddings,
        List<NDArray> projections,
        List<NDArray> biases,
        List<NDArray> norms,
        NDArray head) {

    /** Copies the lists. */
    public DecoderWeights {
        embeddings = List.copyOf(embeddings);
        projections = List.copyOf(projections);
        biases = List.copyOf(biases);
        norms = List.copyOf(norms);
    }

    /** The weights of a model, without what an adapter adds that it trains. */
    public static DecoderWeights of(Decoder decoder, Parameter head) {
        return of(decoder, head, layer -> layer.weights(PassMode.SCORING));
    }

    /**
     * The same with that. The matrices that the adapter changes are merged copies as of now: with one token a row, two more
     * small products a matrix would cost more than the large one.
     *
     * @param owner of the copies
     */
    public static DecoderWeights merged(Decoder decoder, Parameter head, Scope owner) {
        return of(decoder, head, layer -> layer.merged(decoder.torch().kernels().tensors(), owner));
    }

    private static DecoderWeights of(
            Decoder decoder, Parameter head, Function<LayerWeights, DecoderKernels.Weights> weights) {
        Parameters parameters = decoder.parameters();
        List<NDArray> projections = new ArrayList<>();
        List<NDArray> biases = new ArrayList<>();
        List<NDArray> norms = new ArrayList<>();
        for (LayerWeights layer : decoder.layers()) {
            DecoderKernels.Weights own = weights.apply(layer);
            projections.addAll(Arrays.asList(own.projections()));
            biases.addAll(Arrays.asList(own.biases()));
            norms.addAll(Arrays.asList(own.norms()));
        }
        norms.addAll(Arrays.asList(decoder.finalNorm(PassMode.SCORING)));
        return new DecoderWeights(
                parameters.torch(),
                decoder.config(),
                parameters.precision(),
                decoder.plan(),
                List.of(decoder.embeddings(PassMode.SCORING)),
                projections,
                biases,
                norms,
                head.compute());
    }

    /** Bytes of keys and values that one token leaves in a cache of the same precision. */
    public long cacheBytesPerToken() {
        long numbers = 2L * config.layers() * config.kvHeads() * config.headDim();
        return numbers * precision.bytes();
    }
}
