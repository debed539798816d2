package ai.preceptor.cli.recipe;

import ai.preceptor.cli.keys.HasOutput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A recipe that was read and checked.
 *
 * @param shape its name and its rounds
 * @param output the run directory
 * @param resume whether to go on with what is there
 * @param stages in the order to run, those of a round once for each, all of them for each seed
 * @param notes what a person should know before it starts
 */
public record Recipe(Shape shape, Path output, boolean resume, List<RecipeStage<?>> stages, List<String> notes)
        implements HasOutput {
    /** Copies the lists. */
    public Recipe {
        stages = List.copyOf(stages);
        notes = List.copyOf(notes);
    }

    /** Of its file, without the ending. */
    public String name() {
        return shape.name();
    }

    @Override
    public Path runDirectory() {
        return output;
    }

    /**
     * What a recipe is apart from its stages.
     *
     * @param name of its file, without the ending
     * @param rounds which stages run several times
     * @param seeds by which the stages run
     * @param starts what stood for the round before the first, by the stage that has it; the recipe's under an empty name
     */
    record Shape(String name, Rounds rounds, Seeds seeds, Map<String, String> starts) {
        /** Copies the map. */
        Shape {
            starts = new LinkedHashMap<>(starts);
        }
    }
}
