package ai.preceptor.lm.weights;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.family.LayerStyle.NormKind;
import ai.preceptor.formats.family.TensorNames;
import ai.preceptor.formats.weights.ExpectedTensors;

/** Names and shapes of the tensors that a checkpoint of a configuration holds, as transformers writes them. */
public final class ModelTensors {
    /** The scalar head's name, in every family. */
    public static final String SCORE = "score.weight";

    private ModelTensors() {}

    /**
     * What a checkpoint holds.
     *
     * @param config the configuration
     * @return the head's weight is required unless tied, and allowed but ignored when tied; a reward model has
     *     {@code score.weight} [scores, hidden] instead, a process reward model a head of labels with a bias. Buffers of old checkpoints are ignored.
     */
    public static ExpectedTensors of(DecoderConfig config) {
        TensorNames names = config.tensorNames();
        ExpectedTensors tensors = new ExpectedTensors();
        long hidden = config.hiddenSize();
        tensors.require(embedding(config), config.vocabSize(), hidden);
        if (config.positions().learned() > 0) {
            tensors.require(positions(config), config.positions().learned(), hidden);
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            LayerTensors.of(config, layer).all().forEach(part -> tensors.require(part.name(), part.shape()));
        }
        tensors.require(finalNorm(config) + ".weight", hidden);
        if (config.style().norm() == NormKind.LAYER) {
            tensors.require(finalNorm(config) + ".bias", hidden);
        }
        if (config.architecture().process()) {
            tensors.require(labels(config) + ".weight", config.rewardHeads(), hidden);
            tensors.require(labels(config) + ".bias", config.rewardHeads());
        } else if (config.architecture().reward()) {
            tensors.require(SCORE, config.rewardHeads(), hidden);
        } else if (config.tieWordEmbeddings()) {
            tensors.allow(head(config), config.vocabSize(), hidden);
        } else {
            tensors.require(head(config), config.vocabSize(), hidden);
        }
        String layers = (names.trunk() + names.layers()).replace(".", "\\.") + "\\d+\\.";
        return tensors.ignore(layers + "(self_attn|attention)\\.(rotary_emb\\.inv_freq|masked_bias|bias)")
                .ignore(layers + "attn\\.(masked_bias|bias)")
                .ignore(names.trunk().replace(".", "\\.") + "rotary_emb\\.inv_freq");
    }

    public static String embedding(DecoderConfig config) {
        return config.tensorNames().trunk() + config.tensorNames().embedding() + ".weight";
    }

    public static String positions(DecoderConfig config) {
        return config.tensorNames().trunk() + config.tensorNames().positions() + ".weight";
    }

    public static String finalNorm(DecoderConfig config) {
        return config.tensorNames().trunk() + config.tensorNames().finalNorm();
    }

    /** The module that labels tokens, of a process reward model. */
    public static String labels(DecoderConfig config) {
        return config.architecture().family().labelHead();
    }

    public static String head(DecoderConfig config) {
        return config.tensorNames().head() + ".weight";
    }
}
