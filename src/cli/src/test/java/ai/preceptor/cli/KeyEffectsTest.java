package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.config.KeyEffects;
import ai.preceptor.cli.keys.RecipeKeys;
import ai.preceptor.data.setting.KeyEffect;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KeyEffectsTest {
    private static Map<String, Set<KeyEffect>> effects() {
        Map<String, Set<KeyEffect>> all = new TreeMap<>();
        Commands commands = Commands.standard();
        for (String command : commands.names()) {
            // The keys of a recipe are its own and those of its stages.
            KeyEffects.of(
                            command.equals("run")
                                    ? RecipeKeys.class
                                    : commands.named(command).configuration())
                    .all()
                    .forEach((key, effect) ->
                            all.computeIfAbsent(key, name -> new TreeSet<>()).add(effect));
        }
        return all;
    }

    @Test
    void key_hasOneEffectInAllCommands() {
        assertThat(effects())
                .hasSizeGreaterThan(200)
                .allSatisfy((key, found) -> assertThat(found).as(key).hasSize(1));
    }

    /** A checkpoint stores the others: a run of an earlier version could not be resumed if one without a default was missing now. */
    @Test
    void keysThatMayChangeOnResume_areThese() {
        TreeSet<String> free = new TreeSet<>();
        KeyEffects policy = KeyEffects.of(Commands.standard().named("policy").configuration());
        policy.all().forEach((key, effect) -> {
            if (!effect.isIdentifying() && !key.contains(".")) {
                free.add(key);
            }
        });
        assertThat(String.join(" ", free))
                .isEqualTo(
                        "api_key_env cluster collective_library completion_price dashboard dashboard_port device"
                                + " divide_optimizer early_stopping_patience early_stopping_threshold eval_data eval_pass_score eval_steps"
                                + " generators gradient_checkpointing greater_is_better heartbeat_timeout learner learners"
                                + " load_best_model_at_end logging_steps"
                                + " max_cost max_num_gen_batches max_steps metric_for_best_model metrics_port num_generations_eval"
                                + " num_train_epochs otlp_url output prompt_price report_to resume"
                                + " rollout_api_key_env rollout_concurrency rollout_model rollout_outage rollout_timeout"
                                + " rollout_url rollout_weights_dir save_steps save_total_limit scorer_instances scorer_timeout"
                                + " teacher_concurrency teacher_ledger teacher_retries teacher_rpm teacher_timeout teacher_tpm threads");
    }

    @Test
    void addressesAndNamesOfSecrets_areOnNoCard() {
        Map<String, Set<KeyEffect>> named = new TreeMap<>(effects());
        named.keySet().removeIf(key -> !key.endsWith("_url") && !key.endsWith("_env") && !key.startsWith("cluster."));
        assertThat(named)
                .hasSizeGreaterThan(5)
                .allSatisfy((key, found) -> assertThat(found).as(key).noneMatch(KeyEffect::isPublished));
    }

    @Test
    void section_givesItsEffectToItsKeys() {
        assertThat(KeyEffects.of(Commands.standard().named("policy").configuration())
                        .of("cluster.heartbeat"))
                .isEqualTo(KeyEffect.EXECUTION);
        assertThat(KeyEffects.of(Commands.standard().named("policy").configuration())
                        .of("brought_by_an_upgrade"))
                .isEqualTo(KeyEffect.RESULT);
    }
}
