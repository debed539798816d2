package ai.preceptor.cli.command;

import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.quickstart.EmbeddedModels;
import org.jspecify.annotations.Nullable;

/**
 * Resolves {@code embedded:teacher} and similar references in configured paths.
 *
 * @param models unpacks what is named
 */
public record EmbeddedReferences(EmbeddedModels models) implements References {
    @Override
    public @Nullable Place find(String written) throws UnknownReferenceException {
        if (!EmbeddedModels.isEmbedded(written)) {
            return null;
        }
        if (!EmbeddedModels.values().contains(written)) {
            throw new UnknownReferenceException("expected one of " + String.join(", ", EmbeddedModels.values()));
        }
        return new Place(models.resolve(written), null);
    }
}
