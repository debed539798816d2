package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.config.DecoderConfig;
import ai.preceptor.lm.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model's weights as generation reads them: flat lists that one kernel call takes. The tensors are the model's own, so
 * training between two calls shows.
 *
 * @param torch the device they are on
 * @param config sizes
 * @param precision element type of the matrices; norms are float32
 * @param embedding {@code [vocabulary, d]}
 * @param layers six a layer: norm1, qkv, o, norm2, gate_up, down
 * @param biases four a layer: of qkv, o, gate_up and down; empty tensors where there is none
 * @param finalNorm {@code [d]}
 * @param head {@code [vocabulary, d]}
 */
public record DecoderWeights(
        Torch torch,
        DecoderConfig config,
        Precision precision,
        NDArray embedding,
        List<NDArray> layers,
        List<NDArray> biases,
        NDArray finalNorm,
        NDArray head) {

    /** Copies the lists. */
    public DecoderWeights {
        layers = List.copyOf(layers);
        biases = List.copyOf(biases);
    }

    /** The weights of a model. */
    public static DecoderWeights of(LanguageModel model) {
        Decoder decoder = model.decoder();
        List<NDArray> layers = new ArrayList<>();
        List<NDArray> biases = new ArrayList<>();
        for (LayerWeights layer : decoder.layers()) {
            layers.addAll(Arrays.asList(layer.weights()));
            biases.addAll(Arrays.asList(layer.biases()));
        }
        Parameters parameters = model.parameters();
        return new DecoderWeights(
                parameters.torch(),
                decoder.config(),
                parameters.precision(),
                decoder.embedding().compute(),
                layers,
                biases,
                decoder.finalNorm().compute(),
                model.head().compute());
    }

    /** Bytes of keys and values that one token leaves in a cache of the same precision. */
    public long cacheBytesPerToken() {
        long numbers = 2L * config.layers() * config.kvHeads() * config.headDim();
        return numbers * precision.bytes();
    }
}
