package ai.preceptor.lm.copy;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.config.LayerCut;
import ai.preceptor.formats.weights.CheckpointWriter;
import ai.preceptor.formats.weights.FloatFormat;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.weights.ModelSource;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a model's configuration and weights, a few rows at a time: neither a device nor room for a model is needed. An
 * adapter becomes part of the weights: W + scale B A, computed in float32 and rounded once to the type of W.
 *
 * @param model a Hugging Face directory, a GGUF file, whose quantized tensors become float32, or an adapter's directory
 * @param adapter directory of an adapter of the model; null for none but the model directory's own
 * @param average further models of the same shape, with which the weighted mean is taken; empty for none
 * @param keepLayers numbers of the layers that are written, in increasing order; empty for all
 * @param format the format of all weights; null keeps each tensor's
 * @param maxShardBytes most bytes of tensors in one file, at least 1
 */
public record ModelCopy(
        Path model,
        @Nullable Path adapter,
        ModelAverage average,
        List<Integer> keepLayers,
        @Nullable FloatFormat format,
        long maxShardBytes) {
    /** Copies the list. */
    public ModelCopy {
        keepLayers = List.copyOf(keepLayers);
    }

    /** Of one model with all of its layers. */
    public ModelCopy(Path model, @Nullable Path adapter, @Nullable FloatFormat format, long maxShardBytes) {
        this(model, adapter, ModelAverage.NONE, List.of(), format, maxShardBytes);
    }

    /**
     * Where base and adapter are.
     *
     * @throws ai.preceptor.data.DataException when an adapter's base is not found
     */
    public ModelSource source() {
        return ModelSource.of(model, adapter);
    }

    /** Whether what is written computes what the model does, but for rounding. */
    public boolean isSameModel() {
        return average.others().isEmpty() && keepLayers.isEmpty();
    }

    /**
     * Writes {@code config.json} and safetensors.
     *
     * @param directory exists; callers that replace a model write to a temporary name and rename
     * @return how many tensors
     * @throws ai.preceptor.data.DataException when the model is truncated, or not what its configuration says, the adapter
     *     does not fit it, or a model of the average has another shape
     * @throws ai.preceptor.data.ConfigurationException when the layers that are kept are not the model's
     * @throws ai.preceptor.data.OutputException when a file cannot be written
     */
    public int writeTo(Path directory) {
        WholeModel first = WholeModel.open(model, adapter);
        try (TensorSource source = average.of(first)) {
            @Nullable LayerCut cut = keepLayers.isEmpty() ? null : new LayerCut(first.config(), keepLayers);
            DecoderConfig config = cut == null ? first.config() : cut.config();
            Map<String, TensorData> tensors = new LinkedHashMap<>();
            for (String name : first.names()) {
                Optional<String> written = cut == null ? Optional.of(name) : cut.rename(name);
                written.ifPresent(as -> tensors.put(as, data(source, name, first)));
            }
            new CheckpointWriter(maxShardBytes).write(directory, tensors);
            String dtype = prevalent(tensors).torchName();
            config.edited(json -> json.put("dtype", dtype).remove("torch_dtype"))
                    .write(directory);
            return tensors.size();
        }
    }

    /** In the format that was asked for, else in the first model's own. */
    private TensorData data(TensorSource source, String name, WholeModel first) {
        FloatFormat own = FloatFormat.of(first.weights().info(name).dtype()).orElse(null);
        FloatFormat stored = format == null ? own : format;
        return stored == null ? TensorData.of(source, name) : TensorData.of(source, name, stored);
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
