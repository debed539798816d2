package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.RunIdentity;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stage of a recipe, ready to run.
 *
 * @param name in the recipe; also of its directory
 * @param kind which command
 * @param configuration checked
 * @param directory its run directory
 */
public record RecipeStage<C extends Record>(String name, StageKind<C> kind, C configuration, Path directory) {
    /** The directory of the model that it leaves. */
    static final String MODEL = "model";

    void run(Terminal terminal) {
        kind.body().accept(configuration, terminal);
    }

    /** The keys that a finished stage must have been made with for its results to stand. */
    Map<String, String> identity() {
        return RunIdentity.of(configuration);
    }

    /** Every key with its value. */
    Map<String, @Nullable Object> resolved() {
        return new Resolved(configuration).toMap();
    }
}
