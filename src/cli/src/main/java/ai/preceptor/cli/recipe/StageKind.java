package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.console.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A command that can be a stage of a recipe.
 *
 * @param command its name
 * @param keys its configuration; must have the keys {@code output} and {@code resume}
 * @param body does it
 * @param makesModel whether it leaves a directory {@code model}
 * @param files what else in its run directory is for later stages
 * @param part keys that are of use only with one of them
 */
public record StageKind<C extends Record>(
        String command,
        Class<C> keys,
        BiConsumer<C, Terminal> body,
        boolean makesModel,
        List<String> files,
        @Nullable Part part) {
    /** Copies the list. */
    public StageKind {
        files = List.copyOf(files);
    }

    /** A command all of whose keys are always of use. */
    public StageKind(
            String command, Class<C> keys, BiConsumer<C, Terminal> body, boolean makesModel, List<String> files) {
        this(command, keys, body, makesModel, files, null);
    }

    /**
     * Keys that a command refuses unless one of them is true. Those at the top of a recipe are for other stages then.
     *
     * @param key which is a truth value, false by default
     * @param keys all of them
     */
    public record Part(String key, Class<? extends Record> keys) {}

    /** The keys that a recipe's defaults reach in a stage. */
    List<String> defaults(OutlineSection stage, OutlineSection top) {
        List<String> all = new ArrayList<>(OutlineSection.keysOf(keys));
        if (part != null) {
            List<String> own = stage.texts(part.key());
            if (!(own.isEmpty() ? top.texts(part.key()) : own).equals(List.of("true"))) {
                all.removeAll(OutlineSection.keysOf(part.keys()));
                all.add(part.key());
            }
        }
        return all;
    }
}
