package ai.preceptor.lm;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.CheckpointWriter;
import ai.preceptor.formats.weights.FloatFormat;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.adapter.AdapterPlan;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.lm.weights.ModelTensors;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a model's configuration and weights, a few rows at a time: neither a device nor room for a model is needed. An
 * adapter becomes part of the weights: W + scale B A, computed in float32 and rounded once to the type of W.
 *
 * @param model a Hugging Face directory, a GGUF file, whose quantized tensors become float32, or an adapter's directory
 * @param adapter directory of an adapter of the model; null for none but the model directory's own
 * @param format the format of all weights; null keeps each tensor's
 * @param maxShardBytes most bytes of tensors in one file, at least 1
 */
public record ModelCopy(
        Path model, @Nullable Path adapter, @Nullable FloatFormat format, long maxShardBytes) {
    /**
     * Where base and adapter are.
     *
     * @throws ai.preceptor.data.DataException when an adapter's base is not found
     */
    public ModelSource source() {
        return ModelSource.of(model, adapter);
    }

    /**
     * Writes {@code config.json} and safetensors.
     *
     * @param directory exists; callers that replace a model write to a temporary name and rename
     * @return how many tensors
     * @throws ai.preceptor.data.DataException when the model is truncated, or not what its configuration says, or the
     *     adapter
     *     does not fit it
     * @throws ai.preceptor.data.OutputException when a file cannot be written
     */
    public int writeTo(Path directory) {
        boolean reward = source().reward();
        AdapterPlan plan = AdapterPlan.of(model, new AdapterPlan.Request(null, adapter, false, 0), reward);
        DecoderConfig base = plan.decoder();
        boolean becomesReward = reward && !base.architecture().reward();
        DecoderConfig config = becomesReward ? base.asReward(plan.savedHeads(1)) : base;
        try (TensorSource source = plan.openMerged()) {
            if (becomesReward && !source.names().contains(ModelTensors.SCORE)) {
                throw DataException.in(model, "is an adapter of a reward model without " + ModelTensors.SCORE);
            }
            Map<String, TensorData> tensors = new LinkedHashMap<>();
            for (String name : source.names()) {
                // A tied head is the embedding, which some checkpoints hold twice; a reward model has another head.
                if (!(name.equals(ModelTensors.head(base)) && (base.tieWordEmbeddings() || becomesReward))) {
                    tensors.put(
                            name, format == null ? TensorData.of(source, name) : TensorData.of(source, name, format));
                }
            }
            new CheckpointWriter(maxShardBytes).write(directory, tensors);
            String dtype = prevalent(tensors).torchName();
            config.edited(json -> json.put("dtype", dtype).remove("torch_dtype"))
                    .write(directory);
            return tensors.size();
        }
    }

    /** The format of most numbers: what transformers loads a model in by default. */
    private static FloatFormat prevalent(Map<String, TensorData> tensors) {
        Map<FloatFormat, Long> elements = new EnumMap<>(FloatFormat.class);
        tensors.values()
                .forEach(tensor -> FloatFormat.of(tensor.dtype())
                        .ifPresent(format -> elements.merge(format, tensor.elements(), Long::sum)));
        return elements.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(FloatFormat.F32);
    }
}
