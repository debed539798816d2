package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.lm.weights.Precision;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The model a command works on. */
public record StudentKeys(
        @Key(
                help = "initial model: a Hugging Face directory, a GGUF file, or a name on the Hub (org/name)",
                required = true,
                path = PathKind.MODEL)
        Path model,

        @Key(help = "element type of matrix products; master weights stay float32", defaultValue = "float32")
        Precision dtype,

        @Key(
                help = "PEFT adapter of the model; an adapter's own directory may also be the model",
                path = PathKind.ADAPTER)
        @Nullable
        Path adapter) {

    /** Whether the model has an adapter already, which training goes on with. */
    public boolean hasAdapter() {
        return adapterDirectory() != null;
    }

    /** Where the adapter is that the model has already; null for none. */
    public @Nullable Path adapterDirectory() {
        return adapter == null && new ModelFiles(model).isAdapter() ? model : adapter;
    }

    /**
     * The files beside its weights, such as its tokenizer: the adapter's, else the model's.
     *
     * @throws ai.preceptor.data.DataException when there is an adapter and its base is not found
     */
    public ModelFiles files() {
        return ModelSource.of(model, adapter).files();
    }

    /** To be run only: the adapter is merged into the weights. */
    public LoadOptions frozen() {
        return frozen(dtype);
    }

    /** The same in another element type: that of a student's forward passes, to be compared with it. */
    public LoadOptions frozen(Precision type) {
        LoadOptions frozen = new LoadOptions(type, false);
        return adapter == null ? frozen : frozen.withAdapter(adapter);
    }

    /** How a teacher or a reward model is loaded, which the student's adapter is none of. */
    public LoadOptions teacher() {
        return new LoadOptions(dtype, false);
    }
}
