package ai.preceptor.lm;

import ai.preceptor.data.DataException;
import ai.preceptor.lm.config.AdapterConfig;
import ai.preceptor.lm.config.DecoderConfig;
import ai.preceptor.lm.weights.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a model is: a directory with all of its weights, or one with an adapter and another with the weights below it.
 *
 * @param base holds {@code config.json} and all weights
 * @param adapter holds {@code adapter_config.json} and what the adapter adds; null for none
 */
public record ModelSource(Path base, @Nullable Path adapter) {
    /**
     * What a directory holds. An adapter's base is where its configuration says: at that path, from the working directory
     * or from the adapter's own; else beside the adapter, under the same name.
     *
     * @throws DataException when an adapter's base is not found
     */
    public static ModelSource of(Path directory) {
        boolean whole =
                Files.exists(directory.resolve(Checkpoint.SINGLE)) || Files.exists(directory.resolve(Checkpoint.INDEX));
        return whole || !AdapterConfig.isIn(directory)
                ? new ModelSource(directory, null)
                : new ModelSource(baseOf(directory), directory);
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

    private static Path baseOf(Path directory) {
        String named = AdapterConfig.read(directory).base().orElse("");
        if (!named.isEmpty()) {
            Path path = Path.of(named);
            Path last = path.getFileName() == null ? path : path.getFileName();
            for (Path candidate : List.of(
                    path, directory.resolve(path), directory.toAbsolutePath().resolveSibling(last))) {
                if (Files.isRegularFile(candidate.resolve(DecoderConfig.FILE))) {
                    return candidate;
                }
            }
        }
        throw DataException.in(
                directory.resolve(AdapterConfig.FILE),
                "key \"base_model_name_or_path\": expected the directory of the base model, found "
                        + (named.isEmpty() ? "none" : "\"" + named + "\", which is no model directory here")
                        + "; give the base as model and this directory as adapter");
    }

    /** Whether it gives rewards instead of logits. */
    public boolean reward() {
        return (adapter != null && AdapterConfig.read(adapter).reward())
                || DecoderConfig.read(base).architecture().reward();
    }

    /** Where its tokenizer and chat template are: with the adapter, if it has them. */
    public Path text() {
        return adapter != null
                        && Stream.of("tokenizer.json", "tokenizer_config.json").allMatch(this::adapterHas)
                ? adapter
                : base;
    }

    private boolean adapterHas(String file) {
        return adapter != null && Files.isRegularFile(adapter.resolve(file));
    }
}
