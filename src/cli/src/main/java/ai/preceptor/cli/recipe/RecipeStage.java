package ai.preceptor.cli.recipe;

import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.RunIdentity;
import ai.preceptor.cli.report.MetricsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * @param inputs models and files that it refers to, those of other stages among them
 */
public record RecipeStage<C extends Record>(
        StageName id,
        StageKind<C> kind,
        C configuration,
        Path directory,
        Map<String, Object> written,
        Set<Path> inputs) {
    /** The directory of the model that it leaves. */
    static final String MODEL = "model";

    /** Copies the map and the set. */
    public RecipeStage {
        written = Map.copyOf(written);
        inputs = Set.copyOf(inputs);
    }

    /** What it is called, with its round; also its directory in the run directory. */
    public String name() {
        return id.full();
    }

    /** Whether it refers to what another stage leaves. */
    boolean reads(RecipeStage<?> other) {
        return inputs.stream().anyMatch(input -> input.startsWith(other.directory()));
    }

    /** Its metrics over the steps; none for a stage that has no steps. */
    Map<String, List<Point>> columns() {
        Path file = directory.resolve(MetricsFile.NAME);
        return Files.exists(file) ? new MetricsFile(file).columns() : Map.of();
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
