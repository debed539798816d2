package ai.preceptor.lm.weights;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.files.ModelFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a model is: a directory with all of its weights, or an adapter's directory and its base model's.
 *
 * @param base holds {@code config.json} and all weights
 * @param adapter holds {@code adapter_config.json} and what the adapter adds; null for none
 */
public record ModelSource(Path base, @Nullable Path adapter) {
    /**
     * What a directory holds; {@link ModelFiles#base} says where an adapter's base is looked for.
     *
     * @throws DataException when an adapter's base is not found
     */
    public static ModelSource of(Path directory) {
        return new ModelFiles(directory)
                .base()
                .map(base -> new ModelSource(base.directory(), directory))
                .orElseGet(() -> new ModelSource(directory, null));
    }

    /**
     * The same with an adapter given apart.
     *
     * @param adapter null for what the directory itself says
     * @throws DataException when the directory holds an adapter itself
     */
    public static ModelSource of(Path directory, @Nullable Path adapter) {
        ModelSource source = of(directory);
        if (adapter == null) {
            return source;
        }
        if (source.adapter != null) {
            throw new DataException(
                    directory + ": expected the base of adapter " + adapter + ", found another adapter");
        }
        return new ModelSource(directory, adapter);
    }

    /** What lies beside the weights: the adapter's files, else the base's. */
    public ModelFiles files() {
        return adapter == null ? new ModelFiles(base) : new ModelFiles(adapter, base);
    }

    /** Whether it gives rewards of the steps of an answer. */
    public boolean process() {
        return DecoderConfig.read(base).architecture().process();
    }

    /** Whether it gives rewards instead of logits: of whole answers, or of steps. */
    public boolean reward() {
        return (adapter != null && AdapterConfig.read(adapter).reward())
                || DecoderConfig.read(base).architecture().reward();
    }
}
