package ai.preceptor.cli.command;

import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.quickstart.EmbeddedModels;
import org.jspecify.annotations.Nullable;

/**
 * Lets configured paths be written as {@code embedded:teacher} and so on.
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
