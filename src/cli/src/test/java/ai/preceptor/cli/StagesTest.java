package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.recipe.Recipe;
import ai.preceptor.cli.recipe.RecipeStage;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap.SimpleEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys at the top of a recipe reach the stages that they have an effect in, and no other, which would refuse them. */
class StagesTest {
    @TempDir
    Path directory;

    private Recipe read(String text) throws IOException {
        Path recipe = Files.writeString(
                directory.resolve("recipe.yaml"),
                ("output: OUT\nmodel: MODEL\ndata: DATA\n" + text)
                        .replace("OUT", directory.resolve("out").toString())
                        .replace("CACHE", directory.resolve("cache").toString())
                        .replace("REWARD", Golden.dir("models/llama-reward").toString())
                        .replace("MODEL", Golden.dir("tiny-chat").toString())
                        .replace("DATA", Golden.file("pairs.jsonl").toString()));
        return (Recipe) Commands.standard().named("run").read(recipe, List.of());
    }

    private static Map<String, @Nullable Object> values(Recipe recipe, String key) {
        Map<String, @Nullable Object> found = new LinkedHashMap<>();
        for (RecipeStage<?> stage : recipe.stages()) {
            found.put(stage.name(), new Resolved(stage.configuration()).toMap().get(key));
        }
        return found;
    }

    @Test
    void rank_keysOfAReference_reachTheLossesThatCompare() throws IOException {
        String stages = """
                stages:
                  dpo: {command: rank}
                  mixed: {command: rank, loss_type: [ipo, sft]}
                  simpo: {command: rank, loss_type: simpo}
                  rrhf: {command: rank, loss_type: rrhf}
                """;
        Recipe computed = read("precompute_ref_log_probs: true\nreference_cache: CACHE\n" + stages);
        assertThat(values(computed, "precompute_ref_log_probs"))
                .containsExactly(
                        Map.entry("dpo", true),
                        Map.entry("mixed", true),
                        Map.entry("simpo", false),
                        Map.entry("rrhf", false));
        assertThat(values(computed, "reference_cache"))
                .containsEntry("simpo", null)
                .doesNotContainEntry("dpo", null);
        Recipe synced = read("sync_ref_model: true\nref_model_sync_steps: 5\n" + stages);
        assertThat(values(synced, "ref_model_sync_steps"))
                .containsExactly(
                        Map.entry("dpo", 5), Map.entry("mixed", 5), Map.entry("simpo", 512), Map.entry("rrhf", 512));
        assertThatThrownBy(() -> read("ref_model_sync_steps: 5\n" + stages))
                .hasMessageContaining("ref_model_sync_steps: unknown key: no stage of this recipe takes it");
    }

    @Test
    void rank_numbersOfALoss_reachThoseThatReadThem() throws IOException {
        Recipe recipe = read("""
                beta: 0.3
                cpo_alpha: 0
                f_alpha_divergence_coef: 0.9
                stages:
                  dpo: {command: rank}
                  simpo: {command: rank, loss_type: simpo}
                  rrhf: {command: rank, loss_type: rrhf}
                  alpha: {command: rank, f_divergence_type: alpha_divergence}
                """);
        assertThat(values(recipe, "beta"))
                .containsExactly(
                        Map.entry("dpo", 0.3),
                        Map.entry("simpo", 0.3),
                        Map.entry("rrhf", 0.1),
                        Map.entry("alpha", 0.3));
        assertThat(values(recipe, "cpo_alpha"))
                .containsExactly(
                        Map.entry("dpo", 1.0),
                        Map.entry("simpo", 0.0),
                        Map.entry("rrhf", 1.0),
                        Map.entry("alpha", 1.0));
        assertThat(values(recipe, "f_alpha_divergence_coef"))
                .containsEntry("dpo", 0.5)
                .containsEntry("alpha", 0.9);
    }

    @Test
    void policy_keysOfAKl_reachThoseThatHaveOne() throws IOException {
        Recipe recipe = read("""
                kl_placement: both
                scale_rewards: none
                max_completion_length: 8
                rule: brevity
                stages:
                  rloo: {command: policy}
                  grpo: {command: policy, algorithm: grpo}
                  held: {command: policy, algorithm: grpo, beta: 0.1}
                  free: {command: policy, beta: 0}
                """);
        assertThat(values(recipe, "kl_placement"))
                .containsExactly(
                        Map.entry("rloo", "both"),
                        new SimpleEntry<>("grpo", null),
                        Map.entry("held", "both"),
                        new SimpleEntry<>("free", null));
        assertThat(values(recipe, "scale_rewards"))
                .containsExactly(
                        Map.entry("rloo", "group"),
                        Map.entry("grpo", "none"),
                        Map.entry("held", "none"),
                        Map.entry("free", "group"));
    }

    @Test
    void policy_keysOfAnAlgorithm_reachThatOne() throws IOException {
        Recipe recipe = read("""
                kl_placement: both
                normalize_advantages: true
                beta: 0.1
                max_completion_length: 8
                rule: brevity
                stages:
                  rloo: {command: policy}
                  grpo: {command: policy, algorithm: grpo}
                  opd: {command: policy, algorithm: opd, distill_teacher: MODEL}
                """);
        assertThat(values(recipe, "normalize_advantages"))
                .containsExactly(Map.entry("rloo", true), Map.entry("grpo", false), Map.entry("opd", false));
        assertThat(values(recipe, "kl_placement"))
                .containsExactly(Map.entry("rloo", "both"), Map.entry("grpo", "both"), new SimpleEntry<>("opd", null));
    }

    @Test
    void eval_keysOfStudents_reachNoRewardModel() throws IOException {
        Recipe recipe = read("""
                rule: brevity
                normalize_rewards: true
                subset_column: topic
                stages:
                  judge: {command: eval, model: REWARD}
                  students: {command: eval}
                  judged: {command: eval, reward_model: REWARD, pairs: DATA}
                  reward: {command: reward, eval_rows: 4}
                  trained: {command: eval, model: 'stage:reward', rule: null}
                  again: {command: eval, model: ['stage:reward']}
                  tuned: {command: sft}
                  student: {command: eval, model: 'stage:tuned'}
                """);
        assertThat(values(recipe, "rule"))
                .containsEntry("judge", null)
                .containsEntry("again", null)
                .containsEntry("students", List.of("brevity"))
                .containsEntry("student", List.of("brevity"));
        assertThat(values(recipe, "normalize_rewards"))
                .containsEntry("judge", true)
                .containsEntry("students", false)
                .containsEntry("judged", true)
                .containsEntry("trained", true);
        assertThat(values(recipe, "subset_column"))
                .containsEntry("judge", "topic")
                .containsEntry("students", null)
                .containsEntry("judged", "topic")
                .containsEntry("reward", "topic")
                .containsEntry("trained", "topic")
                .containsEntry("student", null);
        assertThatThrownBy(() -> read("""
                        stages:
                          reward: {command: reward}
                          trained: {command: eval, model: 'stage:reward', max_new_tokens: 8}
                        """))
                .hasMessageContaining(
                        "stages.trained.max_new_tokens: expected nothing without a student as model, found 8");
    }

    @Test
    void policy_readingOfRewards_reachesThoseWithARewardModel() throws IOException {
        Recipe recipe = read("""
                normalize_rewards: true
                max_completion_length: 8
                max_new_tokens: 8
                stages:
                  modelled: {command: policy, reward_model: REWARD}
                  ruled: {command: policy, rule: brevity}
                  online: {command: rank, online: true, rule: brevity}
                """);
        assertThat(values(recipe, "normalize_rewards"))
                .containsExactly(Map.entry("modelled", true), Map.entry("ruled", false), Map.entry("online", false));
    }

    @Test
    void schedules_withoutOptions_areGivenNone() throws IOException {
        Recipe recipe = read("""
                lr_scheduler_type: cosine_with_min_lr
                lr_scheduler_kwargs: {min_lr_rate: 0.1}
                stages:
                  first: {command: sft}
                  other: {command: reward, lr_scheduler_type: linear}
                """);
        assertThat(values(recipe, "lr_scheduler_kwargs"))
                .containsEntry("other", null)
                .doesNotContainEntry("first", null);
    }

    @Test
    void distill_numbersOfALoss_reachThoseThatReadThem() throws IOException {
        Recipe recipe = read("""
                beta: 0.3
                teacher: MODEL
                stages:
                  jsd: {command: distill}
                  kl: {command: distill, loss_type: forward_kl}
                  dpo: {command: rank}
                """);
        assertThat(values(recipe, "beta"))
                .containsExactly(Map.entry("jsd", 0.3), Map.entry("kl", 0.5), Map.entry("dpo", 0.3));
    }
}
