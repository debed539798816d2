package ai.preceptor.cli.recipe;

import ai.preceptor.cli.console.Terminal;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.OutputException;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunSpec;
import ai.preceptor.train.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Runs a recipe: stage after stage, each in its own directory, each noted when it is finished, and at the end what they
 * came to. Every stage frees what it loaded before the next begins.
 */
public final class RecipeRun {
    /** In the status of the run directory. */
    private static final String COMMAND = "run";

    private final Recipe recipe;
    private final Terminal terminal;
    private final LongSupplier nanoClock;

    /**
     * A run.
     *
     * @param terminal where to print; its Ctrl-C stops the run between two stages, and each stage by its own means
     * @param nanoClock nanoseconds of a monotonic clock
     */
    public RecipeRun(Recipe recipe, Terminal terminal, LongSupplier nanoClock) {
        this.recipe = recipe;
        this.terminal = terminal;
        this.nanoClock = nanoClock;
    }

    /**
     * Runs what is not finished.
     *
     * @throws InterruptedRunException when a stop was asked for; finished stages and the state of this one are kept
     * @throws ConfigurationException when a stage that is to be kept was made with other keys, or
     *     from what another stage left that is not the same now or will be made again
     * @throws ai.preceptor.data.DataException when a file that such a stage left to others has changed since
     */
    public void run() {
        terminal.interrupt();
        RunStatus.requireCommand(recipe.output(), COMMAND);
        FinishedStages finished = FinishedStages.of(recipe.output());
        int rounds = recipe.shape().rounds().repeat();
        recipe.stages().forEach(stage -> finished.requireSame(stage, rounds));
        if (!recipe.stages().stream().allMatch(finished::has)) {
            recipe.stages().forEach(finished::requireWhole);
        }
        finished.requireInputs(recipe.stages());
        recipe.notes().forEach(terminal.err()::println);
        RunSpec spec = new RunSpec(new RecipeText(recipe).yaml(), Map.of(), true, 0);
        try (RunDirectory directory = RunDirectory.open(recipe.output(), spec)) {
            directory.status().running(COMMAND, String.valueOf(recipe.output().getFileName()));
            try {
                runAll(finished);
                new RecipeResults(recipe, finished).publish(directory, terminal);
                directory.status().ended(RunStatus.State.FINISHED, null);
            } catch (RuntimeException early) {
                directory.ended(early);
                throw early;
            }
        }
    }

    private void runAll(FinishedStages finished) {
        finished.begin();
        say("%d stages in %s", recipe.stages().size(), recipe.output());
        for (RecipeStage<?> stage : recipe.stages()) {
            if (finished.has(stage)) {
                say("%s: was finished before, in %.1f s", place(stage), finished.seconds(stage));
            } else {
                removeReport();
                finished.begin(stage);
                run(stage, finished);
            }
        }
    }

    private void run(RecipeStage<?> stage, FinishedStages finished) {
        if (terminal.interrupt().isRequested()) {
            throw interrupted("before stage " + stage.name());
        }
        say("%s: %s", place(stage), stage.kind().command());
        long began = nanoClock.getAsLong();
        try {
            stage.run(terminal.forPart(stage.name()));
        } catch (InterruptedRunException e) {
            String told = String.valueOf(e.getMessage()).replace("; continue with resume=true", "");
            throw interrupted("in stage " + stage.name() + ": " + told);
        } catch (ConfigurationException e) {
            sayEnded(stage);
            throw new ConfigurationException(
                    String.valueOf(e.getMessage())
                            .lines()
                            .map(line -> "stages." + stage.id().own() + ": " + line)
                            .collect(Collectors.joining("\n")),
                    e);
        } catch (RuntimeException | Error e) {
            sayEnded(stage);
            throw e;
        }
        double seconds = (nanoClock.getAsLong() - began) * 1e-9;
        StageResult result = StageResult.of(stage, seconds);
        finished.add(stage, seconds);
        say("%s: %s; %.1f s", stage.name(), result.figures(), seconds);
    }

    private void sayEnded(RecipeStage<?> stage) {
        say("stage %s ended early; the stages before it are kept. %s", stage.name(), goingOn());
    }

    /** What says that a run is finished must not stay from an earlier time while it is not. */
    private void removeReport() {
        Path report = recipe.output().resolve(OutputPlace.FINISHED);
        try {
            Files.deleteIfExists(report);
        } catch (IOException e) {
            throw new OutputException(report, "cannot be removed: " + e.getMessage(), e);
        }
    }

    private String place(RecipeStage<?> stage) {
        List<RecipeStage<?>> all = recipe.stages();
        return "[" + (all.indexOf(stage) + 1) + "/" + all.size() + "] " + stage.name();
    }

    private InterruptedRunException interrupted(String where) {
        return new InterruptedRunException("interrupted " + where + ". " + goingOn());
    }

    private String goingOn() {
        return "To continue: the same command with output=" + recipe.output() + " resume=true";
    }

    private void say(String pattern, Object... values) {
        terminal.err().println("run: " + String.format(Locale.ROOT, pattern, values));
    }
}
