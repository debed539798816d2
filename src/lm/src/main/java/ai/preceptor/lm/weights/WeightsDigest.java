package ai.preceptor.lm.weights;

import ai.preceptor.data.files.Sha256;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.DType;
import java.util.Arrays;

/**
 * A digest of what a model computes: its configuration, the element type of its matrix products, the kind of its device,
 * and every weight as it is computed with. The files it was read from do not matter, so shards, a GGUF file or a merged
 * copy with the same numbers are the same model, and a model that has been trained since is another one.
 */
public final class WeightsDigest {
    private WeightsDigest() {}

    /**
     * SHA-256 in hexadecimal. A piece of a tensor at a time is on the host.
     *
     * @param scales what an adapter's terms are multiplied with, as text; empty without adapter
     */
    public static String of(DecoderConfig config, Parameters parameters, String scales) {
        Sha256 digest = new Sha256();
        digest.add(config.json() + "\0" + parameters.forwardPrecision().name() + "\0");
        digest.add(parameters.torch().device().replaceAll(":.*", "") + "\0");
        TensorFile files = new TensorFile(parameters.torch());
        // An adapter counts too: one that was loaded is part of what the reference computes.
        for (Parameter block : parameters.withAdapter()) {
            for (Parameter.Part part : block.parts()) {
                digest.add(part.name() + Arrays.toString(part.shape()) + "\0");
                files.pieces(block.forward(PassMode.SCORING), part.firstRow(), part.rows(), DType.F32)
                        .forEach(digest::add);
            }
        }
        digest.add(scales);
        return digest.hex();
    }
}
