package ai.preceptor.cli.recipe;

import ai.preceptor.cli.console.Terminal;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A command that can be a stage of a recipe.
 *
 * @param command its name
 * @param keys its configuration; must have the keys {@code output} and {@code resume}
 * @param body does it
 * @param makesModel whether it leaves a directory {@code model}
 * @param files what else in its run directory is for later stages
 */
public record StageKind<C extends Record>(
        String command, Class<C> keys, BiConsumer<C, Terminal> body, boolean makesModel, List<String> files) {
    /** Copies the list. */
    public StageKind {
        files = List.copyOf(files);
    }
}
