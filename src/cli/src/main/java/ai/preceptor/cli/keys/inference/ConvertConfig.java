package ai.preceptor.cli.keys.inference;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.ModelCopy;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Keys of {@code convert}. */
public record ConvertConfig(
        @Key(help = "model directory or GGUF file to convert", required = true, path = PathKind.MODEL)
        Path model,

        @Key(
                help = "PEFT adapter to merge into it; an adapter's own directory may also be the model",
                path = PathKind.ADAPTER)
        @Nullable
        Path adapter,

        @Key(
                help = "Hugging Face directory to write: new, empty, or another model's, which is replaced",
                required = true,
                path = PathKind.OUTPUT_DIRECTORY)
        Path output,

        @Key(help = "element type of the written weights; default: each tensor's own, float32 if quantized") @Nullable
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
                model,
                adapter,
                dtype == null ? null : dtype.format(),
                ShardSize.bytes(maxShardSize).orElseThrow());
    }

    @Override
    public void check(Checks checks) {
        OptionalLong bytes = ShardSize.bytes(maxShardSize);
        if (bytes.isEmpty()) {
            checks.refuse(
                    "max_shard_size",
                    "expected bytes, or a number with KB, MB, GB, KiB, MiB or GiB, at least 1 and below 2^63 bytes; found "
                            + maxShardSize);
        }
    }
}
