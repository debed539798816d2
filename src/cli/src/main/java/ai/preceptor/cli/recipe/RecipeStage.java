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
 * @param id its name and its round
 * @param kind which command
 * @param configuration checked
 * @param directory its run directory
 * @param written keys that must be written otherwise than the configuration has them to mean the same in another run
 *     directory and in every round: references to other stages
 */
public record RecipeStage<C extends Record>(
        StageName id, StageKind<C> kind, C configuration, Path directory, Map<String, Object> written) {
    /** The directory of the model that it leaves. */
    static final String MODEL = "model";

    /** Copies the map. */
    public RecipeStage {
        written = Map.copyOf(written);
    }

    /** What it is called, with its round; also its directory in the run directory. */
    public String name() {
        return id.full();
    }

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
