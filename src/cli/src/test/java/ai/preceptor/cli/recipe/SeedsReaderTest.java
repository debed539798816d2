package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.keys.training.SftConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recipe may say of seeds, and what it may not. */
class SeedsReaderTest {
    private static final String GOOD = """
        output: OUT
        model: MODEL
        seed: 7
        seeds: [1, 22]
        stages:
          make: {command: pairs, data: DATA}
          dpo: {command: rank, data: 'stage:make/pairs.jsonl'}
          fixed: {command: rank, data: DATA, seed: 5}
          judge: {command: eval, model: ['stage:dpo'], data: DATA}
        """;

    @TempDir
    Path directory;

    @Test
    void read_seeds_repeatEveryStageInADirectoryOfTheSeed() throws IOException {
        Recipe recipe = read(GOOD);
        assertThat(recipe.stages())
                .extracting(RecipeStage::name)
                .containsExactly(
                        "seed-1/make",
                        "seed-1/dpo",
                        "seed-1/fixed",
                        "seed-1/judge",
                        "seed-22/make",
                        "seed-22/dpo",
                        "seed-22/fixed",
                        "seed-22/judge");
        assertThat(seed(recipe, "seed-1/dpo")).isEqualTo(1);
        assertThat(seed(recipe, "seed-22/dpo")).isEqualTo(22);
        assertThat(seed(recipe, "seed-22/fixed")).as("a stage's own seed stays").isEqualTo(5);
        assertThat(rank(recipe, "seed-22/dpo").data().data())
                .as("what the stage of the same seed left")
                .isEqualTo(directory.resolve("out/seed-22/make/pairs.jsonl"));
        EvalConfig judge = (EvalConfig) stage(recipe, "seed-22/judge").configuration();
        assertThat(judge.model()).containsExactly(directory.resolve("out/seed-22/dpo/model"));
        assertThat(judge.seed()).isEqualTo(22);
    }

    @Test
    void read_seedsFromAStage_runsThoseBeforeItOnce() throws IOException {
        Recipe recipe = read(GOOD, "seeds_from=dpo");
        assertThat(recipe.stages())
                .extracting(RecipeStage::name)
                .startsWith("make", "seed-1/dpo", "seed-1/fixed")
                .doesNotContain("seed-1/make");
        assertThat(rank(recipe, "seed-22/dpo").data().data()).isEqualTo(directory.resolve("out/make/pairs.jsonl"));
        SftConfig make = (SftConfig) stage(recipe, "make").configuration();
        assertThat(make.training().seed()).as("the seed at the top is for it").isEqualTo(7);
    }

    @Test
    void read_seedsWithRounds_seedEachRoundOfEach() throws IOException {
        String rounds = GOOD.replace("stages:", "repeat: 2\nrepeat_stages: [dpo]\nstart: recipe:model\nstages:")
                .replace("{command: rank, data: 'stage:make", "{command: rank, model: previous, data: 'stage:make");
        Recipe recipe = read(rounds);
        assertThat(recipe.stages())
                .extracting(RecipeStage::name)
                .startsWith("seed-1/make", "seed-1/round-1/dpo", "seed-1/round-2/dpo", "seed-1/fixed")
                .contains("seed-22/round-2/dpo");
        assertThat(seed(recipe, "seed-22/round-1/dpo")).isEqualTo(22);
        assertThat(seed(recipe, "seed-22/round-2/dpo")).isEqualTo(1022);
        assertThat(rank(recipe, "seed-22/round-2/dpo").student().model())
                .isEqualTo(directory.resolve("out/seed-22/round-1/dpo/model"));
        assertThat(read(new RecipeText(recipe).yaml(), "output=" + directory.resolve("again"))
                        .stages())
                .as("the resolved recipe says the same")
                .extracting(RecipeStage::name, RecipeStage::identity)
                .containsExactlyElementsOf(read(rounds, "output=" + directory.resolve("again")).stages().stream()
                        .map(stage -> org.assertj.core.groups.Tuple.tuple(stage.name(), stage.identity()))
                        .toList());
        refused(rounds, "seeds: expected seeds that no round of another has; 1 is 1001 in round 2", "seeds=[1,1001]");
        refused(
                rounds.replace("[dpo]", "[dpo, fixed]"),
                "seeds_from: expected a stage outside the rounds, or their first",
                "seeds_from=fixed");
    }

    @Test
    void read_resolvedRecipe_isTheSame() throws IOException {
        Recipe recipe = read(GOOD, "seeds_from=dpo");
        String yaml = new RecipeText(recipe).yaml();
        assertThat(yaml).contains("seeds:", "seeds_from: \"dpo\"");
        Recipe again = read(yaml);
        assertThat(again.stages())
                .extracting(RecipeStage::configuration)
                .isEqualTo(
                        recipe.stages().stream().map(RecipeStage::configuration).toList());
    }

    @Test
    void read_seedsThatSayNothing_areRefused() throws IOException {
        refused(GOOD, "seeds: expected at least one, each different from the others; found [1, 1]", "seeds=[1,1]");
        refused(GOOD, "seeds: expected at least one", "seeds=[]");
        refused(GOOD, "seeds", "seeds=[-1,2]");
        refused(GOOD, "seeds_from: expected one of make, dpo, fixed, judge, found \"dpp\"", "seeds_from=dpp");
        refused(GOOD.replace("seeds: [1, 22]\n", ""), "seeds_from: requires seeds, which is not set", "seeds_from=dpo");
        refused(GOOD.replace("make:", "seed-3:").replace("stage:make", "stage:seed-3"), "in a recipe with seeds");
        refused("""
                output: OUT
                model: MODEL
                seeds: [1, 2]
                stages:
                  dpo: {command: rank, data: DATA, seed: 5}
                """, "seeds: has no effect: every stage that runs for each seed has a seed of its own");
    }

    private void refused(String text, String message, String... arguments) {
        assertThatThrownBy(() -> read(text, arguments)).hasMessageContaining(message);
    }

    private static long seed(Recipe recipe, String name) {
        return rank(recipe, name).training().seed();
    }

    private static RankConfig rank(Recipe recipe, String name) {
        return (RankConfig) stage(recipe, name).configuration();
    }

    private static RecipeStage<?> stage(Recipe recipe, String name) {
        return recipe.stages().stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Recipe read(String text, String... arguments) throws IOException {
        return RecipeTexts.read(directory, text, arguments);
    }
}
