package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code recipe:KEY} is the path that stands beside the stages under that key, so that a path which the user gives once
 * can serve stages under other names too: the start of one is the baseline of another.
 *
 * @param top the keys beside the stages
 * @param others what those may be written as themselves
 * @param used notes the keys that were referred to
 */
record TopReferences(OutlineSection top, References others, Set<String> used) implements References {
    private static final String PREFIX = "recipe:";

    @Override
    public @Nullable Place find(String written) throws UnknownReferenceException {
        return find(written, PathKind.ANY);
    }

    @Override
    public @Nullable Place find(String written, PathKind kind) throws UnknownReferenceException {
        if (!written.startsWith(PREFIX)) {
            return null;
        }
        String key = written.substring(PREFIX.length());
        Optional<String> value = top.names().contains(key) ? top.text(key) : Optional.empty();
        if (value.isEmpty()) {
            throw new UnknownReferenceException("expected " + key + " at the top of the recipe, or as " + key
                    + "=... on the command line, for this to refer to");
        }
        used.add(key);
        Place place = others.find(value.get(), kind);
        return place == null ? new Place(Path.of(value.get()), null) : place;
    }
}
