package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.weights.Precision;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code forward}. */
public record ForwardConfig(
        @Key(help = "language or reward model to run", required = true, path = PathKind.MODEL)
        Path model,

        @Key(
                help = "PEFT adapter of the model; an adapter's own directory may also be the model",
                path = PathKind.ADAPTER)
        @Nullable
        Path adapter,

        @Key(
                help = "safetensors file with input_ids and, if rows are padded, attention_mask, both int64 [rows, "
                        + "length]",
                required = true,
                path = PathKind.FILE)
        Path inputs,

        @Key(
                help = "safetensors file with logits, last_hidden and target_logprobs, or rewards",
                required = true,
                path = PathKind.OUTPUT_FILE,
                effect = KeyEffect.NONE)
        Path output,

        @Key(help = "element type of matrix products", defaultValue = "float32")
        Precision dtype,

        @Group(title = "Device") DeviceKeys device) {}
