package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.recipe.Recipe;
import ai.preceptor.cli.recipe.RecipeStage;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.StepsInJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rollout_dtype} at the top of a recipe: the default of every stage that samples on this machine. */
@Tag("steps-in-java")
class RolloutDtypeRecipeTest {
    @TempDir
    Path directory;

    @BeforeEach
    void requireStepsInJava() {
        StepsInJava.assumePossible();
    }

    @Test
    void atTheTop_reachesTheStagesThatSample_andNoOther() throws IOException {
        Path recipe = Files.writeString(directory.resolve("recipe.yaml"), """
                output: OUT
                model: MODEL
                data: DATA
                rollout_dtype: int8
                stages:
                  pairs: {command: elicit, rule: brevity}
                  taught: {command: elicit, kind: demonstrations, teacher: MODEL}
                  served: {command: elicit, kind: demonstrations, teacher_url: 'http://127.0.0.1:9/v1', teacher_model: m}
                  sft: {command: sft}
                  rows: {command: distill, teacher: MODEL}
                  gkd: {command: distill, teacher: MODEL, lmbda: 0.5}
                  dpo: {command: rank}
                  online: {command: rank, online: true, rule: brevity}
                  own: {command: policy, rule: brevity, rollout_dtype: float32, max_completion_length: 8}
                  off: {command: policy, data: null, rollouts: DATA, rule: brevity}
                  remax: {command: policy, data: null, rollouts: DATA, rule: brevity, algorithm: remax}
                  held: {command: policy, data: null, rollouts: DATA, rule: brevity, eval_data: DATA}
                  recorded: {command: rank, online: true, data: null, rollouts: DATA, rule: brevity}
                  exact: {command: eval, rollout_dtype: null}
                  eval: {command: eval}
                """.replace(
                        "OUT", directory.resolve("out").toString())
                .replace("MODEL", Golden.dir("tiny-chat").toString())
                .replace("DATA", Golden.file("pairs.jsonl").toString()));
        Recipe read = (Recipe) Commands.standard().named("run").read(recipe, List.of());
        Map<String, @Nullable Object> found = new LinkedHashMap<>();
        for (RecipeStage<?> stage : read.stages()) {
            found.put(stage.name(), new Resolved(stage.configuration()).toMap().get("rollout_dtype"));
        }
        Map<String, @Nullable Object> expected = new LinkedHashMap<>();
        expected.put("pairs", "int8");
        expected.put("taught", "int8");
        expected.put("served", null);
        expected.put("sft", null);
        expected.put("rows", null);
        expected.put("gkd", "int8");
        expected.put("dpo", null);
        expected.put("online", "int8");
        expected.put("own", "float32");
        expected.put("off", null);
        expected.put("remax", "int8");
        expected.put("held", "int8");
        expected.put("recorded", null);
        expected.put("exact", null);
        expected.put("eval", "int8");
        assertThat(found).isEqualTo(expected);
    }
}
