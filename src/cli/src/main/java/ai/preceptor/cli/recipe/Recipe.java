package ai.preceptor.cli.recipe;

import ai.preceptor.cli.keys.HasOutput;
import java.nio.file.Path;
import java.util.List;

/**
 * A recipe that was read and checked.
 *
 * @param name of its file, without the ending
 * @param output the run directory
 * @param resume whether to go on with what is there
 * @param stages in the order to run
 * @param notes what a person should know before it starts
 */
public record Recipe(String name, Path output, boolean resume, List<RecipeStage<?>> stages, List<String> notes)
        implements HasOutput {
    /** Copies the lists. */
    public Recipe {
        stages = List.copyOf(stages);
        notes = List.copyOf(notes);
    }

    @Override
    public Path runDirectory() {
        return output;
    }
}
