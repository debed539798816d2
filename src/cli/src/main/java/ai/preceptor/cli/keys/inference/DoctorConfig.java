package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.weights.Precision;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code doctor}. */
public record DoctorConfig(
        @Group(title = "Device") DeviceKeys device,

        @Key(
                help = "model whose decode steps are timed",
                defaultText = "the tiny embedded student",
                path = PathKind.MODEL)
        @Nullable
        Path model,

        @Key(help = "element type of its libtorch steps", defaultValue = "float32")
        Precision dtype) {}
