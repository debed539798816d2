package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.cli.keys.training.RankConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages that a grid of values stands for. */
class GridReaderTest {
    private static final String GOOD = """
        output: OUT
        model: MODEL
        stages:
          plain: {command: rank, data: DATA}
          dpo:
            command: rank
            data: DATA
            grid: {learning_rate: [1e-4, 1e-3], beta: [0.1, 0.5]}
          judge: {command: eval, model: ['stage:plain', 'stage:dpo'], data: DATA}
        """;

    @TempDir
    Path directory;

    @Test
    void read_grid_isAStageForEachCombination_andItsNameInAListIsAllOfThem() throws IOException {
        Recipe recipe = read(GOOD);
        assertThat(recipe.stages())
                .extracting(RecipeStage::name)
                .containsExactly("plain", "dpo-1e-4-0.1", "dpo-1e-4-0.5", "dpo-1e-3-0.1", "dpo-1e-3-0.5", "judge");
        RankConfig third = (RankConfig) recipe.stages().get(3).configuration();
        assertThat(third.training().learningRate()).isEqualTo(1e-3);
        assertThat(third.losses().beta()).isEqualTo(0.1);
        EvalConfig judge = (EvalConfig) recipe.stages().get(5).configuration();
        assertThat(judge.model())
                .hasSize(5)
                .startsWith(directory.resolve("out/plain/model"), directory.resolve("out/dpo-1e-4-0.1/model"));
        Recipe again = read(new RecipeText(recipe).yaml(), "output=" + directory.resolve("again"));
        assertThat(again.stages())
                .as("the resolved recipe says the same")
                .extracting(RecipeStage::name, RecipeStage::identity)
                .isEqualTo(read(GOOD, "output=" + directory.resolve("again")).stages().stream()
                        .map(stage -> org.assertj.core.groups.Tuple.tuple(stage.name(), stage.identity()))
                        .toList());
    }

    @Test
    void read_gridOfOneKeyFromTheCommandLine_replacesTheFiles() throws IOException {
        assertThat(read(GOOD, "stages.dpo.grid.beta=[0.2]").stages())
                .extracting(RecipeStage::name)
                .containsExactly("plain", "dpo-1e-4-0.2", "dpo-1e-3-0.2", "judge");
    }

    /** What a run writes out can be run again with another key of one stage. */
    @Test
    void read_stageOfAGridWithAPeriod_takesKeysFromTheCommandLine() throws IOException {
        String written = new RecipeText(read(GOOD)).yaml();
        Recipe again = read(written, "output=" + directory.resolve("again"), "stages.dpo-1e-4-0.5.max_steps=5");
        assertThat(again.stages())
                .extracting(RecipeStage::name)
                .containsExactly("plain", "dpo-1e-4-0.1", "dpo-1e-4-0.5", "dpo-1e-3-0.1", "dpo-1e-3-0.5", "judge");
        RankConfig changed = (RankConfig) again.stages().get(2).configuration();
        assertThat(changed.training().maxSteps()).isEqualTo(5);
    }

    @Test
    void read_gridThatSaysNothing_isRefused() throws IOException {
        String grid = "grid: {learning_rate: [1e-4, 1e-3], beta: [0.1, 0.5]}";
        refused(GOOD.replace(grid, "grid: 3"), "stages.dpo.grid: expected keys with a list of values each, found 3");
        refused(GOOD.replace(grid, "grid: {beta: 3}"), "expected under beta a list of texts or numbers that differ");
        refused(
                GOOD.replace(grid, "grid: {beta: [3, 3]}"),
                "expected under beta a list of texts or numbers that differ");
        refused(GOOD.replace(grid, "grid: {beta: []}"), "expected under beta a list of texts or numbers that differ");
        refused(
                GOOD.replace(grid, grid + "\n    beta: 1"),
                "stages.dpo.grid: expected keys that the stage does not set itself, found [learning_rate, beta]");
        refused(GOOD.replace(grid, "grid: {bta: [1]}"), "bta: unknown key");
        refused(GOOD.replace(grid, "grid: {beta: [x]}"), "beta");
        refused(
                GOOD.replace(grid, "grid: {loss_type: [a/b]}"),
                "stages.dpo: is not a valid name of a stage, which names a directory");
        refused(GOOD.replace("plain", "dpo-1e-4-0.1"), "gives a second stage with the name dpo-1e-4-0.1");
        refused(GOOD.replace("plain", "report.html"), "is not a valid name of a stage, which names a directory");
    }

    private void refused(String text, String message) {
        assertThatThrownBy(() -> read(text)).hasMessageContaining(message);
    }

    private Recipe read(String text, String... arguments) throws IOException {
        return RecipeTexts.read(directory, text, arguments);
    }
}
