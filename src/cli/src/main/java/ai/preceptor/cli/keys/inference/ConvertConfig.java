package ai.preceptor.cli.keys.inference;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.formats.config.LayerCut;
import ai.preceptor.lm.copy.ModelAverage;
import ai.preceptor.lm.copy.ModelCopy;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Keys of {@code convert}. */
public record ConvertConfig(
        @Key(
                help = "model directory or GGUF file to convert",
                defaultText = "the first of average",
                path = PathKind.MODEL)
        @Nullable
        Path model,

        @Key(
                help = "PEFT adapter to merge into the model; an adapter's own directory may also be the model",
                path = PathKind.ADAPTER)
        @Nullable
        Path adapter,

        @Key(
                help = "models of the same shape and origin whose weighted mean is written, instead of model",
                path = PathKind.MODEL)
        @Nullable
        List<Path> average,

        @Key(
                help = "weights of average, in its order, divided by their sum",
                defaultText = "all equal",
                range = "(0, inf)")
        @Nullable
        List<Double> averageWeights,

        @Key(
                help = "layers to keep, from 0, in increasing order, to cut a student from a teacher",
                defaultText = "all",
                range = "[0, inf)")
        @Nullable
        List<Integer> keepLayers,

        @Key(
                help = "Hugging Face directory to write: new, empty, or another model's, which is replaced",
                required = true,
                path = PathKind.OUTPUT_DIRECTORY,
                effect = KeyEffect.NONE)
        Path output,

        @Key(help = "element type of the written weights", defaultText = "each tensor's own, float32 if quantized")
        @Nullable
        StoredType dtype,

        @Key(
                help = "maximum size of a weights file: bytes, or a number with KB, MB, GB (powers of 1000) or "
                        + "KiB, MiB, GiB",
                defaultValue = "50GB")
        String maxShardSize)
        implements Checked {
    /** What is to be rewritten, and how. */
    public ModelCopy copy() {
        return new ModelCopy(
                average == null ? Objects.requireNonNull(model, "checked") : average.get(0),
                adapter,
                averaged(),
                keepLayers == null ? List.of() : keepLayers,
                dtype == null ? null : dtype.format(),
                ShardSize.bytes(maxShardSize).orElseThrow());
    }

    private ModelAverage averaged() {
        if (average == null) {
            return ModelAverage.NONE;
        }
        List<Path> others = average.subList(1, average.size());
        return averageWeights == null ? ModelAverage.equal(others) : new ModelAverage(others, averageWeights);
    }

    @Override
    public void check(Checks checks) {
        checkModels(checks);
        if (keepLayers != null) {
            LayerCut.problem(keepLayers).ifPresent(problem -> checks.refuse("keep_layers", problem));
        }
        OptionalLong bytes = ShardSize.bytes(maxShardSize);
        if (bytes.isEmpty()) {
            checks.refuse(
                    "max_shard_size",
                    "expected bytes, or a number with KB, MB, GB, KiB, MiB or GiB, at least 1 and below 2^63 bytes; found "
                            + maxShardSize);
        }
    }

    private void checkModels(Checks checks) {
        if (average == null) {
            if (model == null) {
                checks.refuse("model", "expected a model, or average, found neither");
            }
            if (averageWeights != null) {
                checks.refuse("average_weights", "expected none without average, found " + averageWeights);
            }
            return;
        }
        if (model != null) {
            checks.refuse("model", "expected none with average, whose first model it is, found " + model);
        }
        if (adapter != null) {
            checks.refuse(
                    "adapter",
                    "expected none with average, which takes adapters' own directories as models, found " + adapter);
        }
        if (average.size() < 2) {
            checks.refuse("average", "expected at least two models, found " + average);
        } else if (averageWeights != null && averageWeights.size() != average.size()) {
            checks.refuse(
                    "average_weights",
                    "expected one for each of average (" + average.size() + "), found " + averageWeights.size());
        }
    }
}
