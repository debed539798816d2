package ai.preceptor.cli.plan;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.formats.family.TensorNames.Norm;
import ai.preceptor.lm.weights.LayerTensors;
import ai.preceptor.lm.weights.ModelTensors;
import ai.preceptor.lm.weights.Parameter.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Sizes of a decoder that memory and operations follow from.
 *
 * @param config the decoder
 * @param parameters numbers in all its tensors; a tied head counts once
 * @param matrices numbers in its layers' projections: a token multiplies each once in a forward pass
 * @param head numbers in the head, hidden size times vocabulary, or times the scores of a reward model
 */
public record ModelSize(DecoderConfig config, long parameters, long matrices, long head) {
    /** Counts what a checkpoint of this configuration holds. */
    public static ModelSize of(DecoderConfig config) {
        long parameters = ModelTensors.of(config).required().values().stream()
                .mapToLong(ModelSize::product)
                .sum();
        long matrices = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            for (List<Part> parts : LayerTensors.of(config, layer).projections()) {
                matrices +=
                        parts.stream().mapToLong(part -> product(part.shape())).sum();
            }
        }
        boolean scores = config.architecture().reward() || config.architecture().process();
        long outputs = scores ? config.rewardHeads() : config.vocabSize();
        return new ModelSize(config, parameters, matrices, outputs * config.hiddenSize());
    }

    /** The same decoder with a head of one score. */
    public ModelSize scoring() {
        return of(config.asReward(1));
    }

    /**
     * Numbers in the matrices A and B of an adapter: {@code r (inputs + outputs)} for each chosen module.
     *
     * @throws ConfigurationException when none is chosen
     */
    public long adapter(TargetModules targets, int rank) {
        long sum = 0;
        List<String> modules = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (List<Part> parts : LayerTensors.of(config, layer).projections()) {
                for (Part part : parts) {
                    String module = part.name().replaceFirst("\\.weight$", "");
                    modules.add(module);
                    if (targets.chooses(module)) {
                        sum += rank * (part.shape()[0] + part.shape()[1]);
                    }
                }
            }
        }
        if (sum == 0) {
            throw TargetModules.none(targets, modules);
        }
        return sum;
    }

    /** Width of all query heads. */
    public long queryWidth() {
        return (long) config.heads() * config.headDim();
    }

    /** Width of keys and values together. */
    public long keyValueWidth() {
        return 2L * config.kvHeads() * config.headDim();
    }

    /** Width of the feed-forward block's first projection: a gated one has two halves. */
    public long upWidth() {
        return (config.style().gated() ? 2L : 1L) * config.intermediateSize();
    }

    /** Whether a norm follows the feed-forward block, which keeps that block's output. */
    public boolean normsAfterMlp() {
        return config.tensorNames().norm(Norm.AFTER_MLP).isPresent();
    }

    private static long product(long[] shape) {
        long product = 1;
        for (long size : shape) {
            product *= size;
        }
        return product;
    }
}
