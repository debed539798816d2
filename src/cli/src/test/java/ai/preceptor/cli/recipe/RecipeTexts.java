package ai.preceptor.cli.recipe;

import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.keys.training.SftConfig;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Reads recipes that stand in a test, with commands that do nothing. */
final class RecipeTexts {
    /** One command that makes rows, one that makes a model, one that measures. */
    static final List<StageKind<?>> KINDS = List.of(
            new StageKind<>("pairs", SftConfig.class, (keys, terminal) -> {}, false, List.of("pairs.jsonl")),
            new StageKind<>("rank", RankConfig.class, (keys, terminal) -> {}, true, List.of()),
            new StageKind<>("eval", EvalConfig.class, (keys, terminal) -> {}, false, List.of()));

    private RecipeTexts() {}

    /**
     * Reads a recipe.
     *
     * @param directory gets the file, and is where the recipe's OUT is
     * @param text with OUT, MODEL and DATA in the place of paths
     */
    static Recipe read(Path directory, String text, String... arguments) throws IOException {
        Path file = Files.writeString(
                directory.resolve("recipe.yaml"),
                text.replace("OUT", "'" + directory.resolve("out") + "'")
                        .replace("MODEL", "'" + Golden.dir("tiny-chat") + "'")
                        .replace("DATA", "'" + Golden.file("pairs.jsonl") + "'"));
        return new RecipeReader(KINDS, References.NONE, Clock.systemUTC()).read(file, List.of(arguments));
    }
}
