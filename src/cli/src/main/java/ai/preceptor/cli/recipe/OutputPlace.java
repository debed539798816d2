package ai.preceptor.cli.recipe;

import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.RecipeKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the directory of a run. Running a recipe a second time is no mistake, so a finished run is left alone and the
 * next free number taken; an unfinished one is hours of work that a person should decide about.
 *
 * @param directory the run directory
 * @param note what should be said of the choice, or null
 * @param problem why there is none, or null
 */
record OutputPlace(
        Path directory, @Nullable String note, @Nullable String problem) {
    /** Written last by every recipe. */
    static final String FINISHED = "report.html";

    /**
     * The place for a recipe that starts now.
     *
     * @param name of the recipe
     */
    static OutputPlace of(RecipeKeys keys, String name, Clock clock) {
        Path asked = keys.output();
        if (asked == null) {
            Path fresh = new OutputKeys(null).directory(name, clock);
            return new OutputPlace(
                    fresh, null, keys.resume() ? "expected the run directory to continue, since resume is true" : null);
        }
        if (keys.resume() || !FinishedStages.exist(asked)) {
            return new OutputPlace(asked, null, null);
        }
        if (!Files.exists(asked.resolve(FINISHED))) {
            return new OutputPlace(
                    asked,
                    null,
                    "expected a new directory, found an unfinished run in " + asked
                            + "; continue with resume=true, or choose another output");
        }
        Path free = asked;
        for (int number = 2; Files.exists(free); number++) {
            free = asked.resolveSibling(asked.getFileName() + "-" + number);
        }
        return new OutputPlace(free, asked + " holds a finished run, which is kept; this one writes to " + free, null);
    }
}
