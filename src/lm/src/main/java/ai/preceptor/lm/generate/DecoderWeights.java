package ai.preceptor.lm.generate;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.config.DecoderConfig;
import ai.preceptor.lm.torch.Torch;
import java.util.List;

/**
 * A decoder as generation reads it. The tensors belong to the model and are read anew at every step, so a model may be
 * trained between two calls.
 *
 * @param torch the device they are on
 * @param config sizes
 * @param elementBytes bytes of a number in the element type of the matrices: 4 for float32, 2 for bfloat16
 * @param embedding {@code [vocabulary, d]}
 * @param layers six a layer: norm1 [d] float32, qkv [(heads + 2 kvHeads) size, d], o [d, heads size], norm2 [d] float32,
 *     gate_up [2 f, d], down [d, f]
 * @param biases four a layer: of qkv, o, gate_up and down; empty tensors where there is none
 * @param finalNorm {@code [d]} float32
 * @param head {@code [vocabulary, d]}
 */
public record DecoderWeights(
        Torch torch,
        DecoderConfig config,
        int elementBytes,
        NDArray embedding,
        List<NDArray> layers,
        List<NDArray> biases,
        NDArray finalNorm,
        NDArray head) {

    /** @throws IllegalArgumentException if the numbers of tensors are not those of the configuration */
    public DecoderWeights {
        layers = List.copyOf(layers);
        biases = List.copyOf(biases);
        if (layers.size() != 6 * config.layers() || biases.size() != 4 * config.layers()) {
            throw new IllegalArgumentException("decoder weights: received " + layers.size() + " weights and "
                    + biases.size() + " biases, must be " + 6 * config.layers() + " and " + 4 * config.layers()
                    + " for " + config.layers() + " layers");
        }
    }

    /** Bytes of keys and values that one token leaves in the cache. */
    long cacheBytesPerToken() {
        return 2L * config.layers() * config.kvHeads() * config.headDim() * elementBytes;
    }
}
