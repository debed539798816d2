package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.DecoderKernels.Weights;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.weights.PassMode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A decoder's weights as generation reads them: flat lists that one kernel call takes. The tensors are the decoder's own, so
 * training between two calls shows, but for matrices that an adapter changes.
 *
 * @param embeddings of tokens, {@code [vocabulary, d]}, and where they are learned of positions
 * @param projections four a layer: qkv, o, gate_up, down
 * @param biases four a layer; empty tensors where there is none
 * @param norms eight a layer, then weight and shift of the final norm; empty tensors where there is none
 */
public record DecoderWeights(NDArray[] embeddings, NDArray[] projections, NDArray[] biases, NDArray[] norms) {
    /**
     * The weights as of now. The matrices that an adapter changes are merged copies: with one token a row, two more small
     * products a matrix would cost more than the large one.
     *
     * @param owner of the copies
     */
    public static DecoderWeights merged(Decoder decoder, Scope owner) {
        List<Weights> layers = decoder.layers().stream()
                .map(layer -> layer.merged(decoder.torch().kernels().tensors(), owner))
                .toList();
        return new DecoderWeights(
                decoder.embeddings(PassMode.SCORING),
                flat(layers, Weights::projections).toArray(NDArray[]::new),
                flat(layers, Weights::biases).toArray(NDArray[]::new),
                Stream.concat(flat(layers, Weights::norms), Arrays.stream(decoder.finalNorm(PassMode.SCORING)))
                        .toArray(NDArray[]::new));
    }

    private static Stream<NDArray> flat(List<Weights> layers, Function<Weights, NDArray[]> part) {
        return layers.stream().map(part).flatMap(Arrays::stream);
    }
}
