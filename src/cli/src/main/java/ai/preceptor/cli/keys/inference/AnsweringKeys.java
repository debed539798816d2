package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.Precision;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The student whose answers a teacher judges, where there is one. */
public record AnsweringKeys(
        @Key(
                help = "student that generates answers: a Hugging Face directory or a GGUF file; several are loaded "
                        + "one after the other, and their answers to a prompt form one group",
                path = PathKind.MODEL)
        @Nullable
        List<Path> model,

        @Key(help = "element type of matrix products", defaultValue = "float32")
        Precision dtype,

        @Key(
                help = "PEFT adapter of the model; an adapter's own directory may also be the model",
                path = PathKind.ADAPTER)
        @Nullable
        Path adapter)
        implements Checked {

    /** How many there are. */
    public int count() {
        return model == null ? 0 : model.size();
    }

    /** All of them, at least one. */
    public List<StudentKeys> students() {
        return Objects.requireNonNull(model, "checked").stream()
                .map(one -> new StudentKeys(one, dtype, adapter))
                .toList();
    }

    @Override
    public void check(Checks checks) {
        if (model == null) {
            return;
        }
        if (model.isEmpty()) {
            checks.refuse("model", "expected at least one, found []");
        }
        if (new HashSet<>(model).size() < model.size()) {
            checks.refuse("model", "expected models that differ, found " + model);
        }
        if (model.size() > 1 && adapter != null) {
            checks.refuse(
                    "adapter",
                    "expected nothing with several models, found " + adapter
                            + "; an adapter's own directory may be one of them");
        }
    }

    /** How a teacher is loaded that answers itself. */
    public LoadOptions teacher() {
        return new LoadOptions(dtype, false);
    }
}
