package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.Precision;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The student whose answers a teacher judges, where there is one. */
public record AnsweringKeys(
        @Key(
                help = "student that generates answers, with kind=preferences: a Hugging Face directory or a "
                        + "GGUF file",
                path = PathKind.MODEL)
        @Nullable
        Path model,

        @Key(help = "element type of matrix products", defaultValue = "float32")
        Precision dtype,

        @Key(
                help = "PEFT adapter of the model; an adapter's own directory may also be the model",
                path = PathKind.ADAPTER)
        @Nullable
        Path adapter) {

    /** The student, which there is. */
    public StudentKeys student() {
        return new StudentKeys(Objects.requireNonNull(model, "checked"), dtype, adapter);
    }

    /** How a teacher is loaded that answers itself. */
    public LoadOptions teacher() {
        return new LoadOptions(dtype, false);
    }
}
