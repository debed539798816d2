package ai.preceptor.cli.keys.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.PolicyAlgorithm;
import ai.preceptor.PolicyOptions;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.data.ConfigurationException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyKeysTest {
    /** The library's own defaults and the ones that the help text shows are one truth. */
    @ParameterizedTest
    @EnumSource(PolicyAlgorithm.class)
    void options_nothingGiven_equalTheLibrarys(PolicyAlgorithm algorithm) {
        PolicyKeys keys = read("algorithm=" + algorithm.name().toLowerCase(Locale.ROOT));
        assertThat(keys.options()).isEqualTo(algorithm.options().build());
        assertThat(keys.generations()).isEqualTo(keys.options().numGenerations());
    }

    /** TRL's RLOOConfig and GRPOConfig. */
    @Test
    void options_defaults_areTrls() {
        assertThat(PolicyOptions.rloo().toString())
                .isEqualTo(
                        "PolicyOptions[algorithm=RLOO, lossType=RLOO, numGenerations=2, maxCompletionLength=512, "
                                + "temperature=1.0, beta=0.05, klPlacement=REWARD, klTarget=null, klHorizon=10000, "
                                + "epsilon=0.2, epsilonHigh=0.2, delta=null, scaleRewards=GROUP, normalizeAdvantages=false, "
                                + "numIterations=1, stepsPerGeneration=null, maxStaleness=0, scorerInstances=1, onStale=WAIT, generators=0, scorerTimeout=PT10M, "
                                + "heartbeatTimeout=PT2M, recomputeOldLogps=null, parts=PolicyParts[credit=null, loss=null, klController=null]]");
        assertThat(PolicyOptions.grpo().toString())
                .contains("lossType=DAPO, numGenerations=8, ", " beta=0.0, klPlacement=LOSS, ", "epsilonHigh=0.2");
    }

    @Test
    void options_everyKeyGiven_arrives() {
        PolicyOptions options = read(
                        "algorithm=grpo",
                        "loss_type=dr_grpo",
                        "num_generations=6",
                        "max_completion_length=33",
                        "temperature=0.5",
                        "beta=0.3",
                        "kl_placement=reward",
                        "kl_target=4",
                        "kl_horizon=500",
                        "epsilon=0.1",
                        "epsilon_high=0.28",
                        "delta=4",
                        "scale_rewards=none",
                        "normalize_advantages=true",
                        "num_iterations=3",
                        "steps_per_generation=4",
                        "max_staleness=2",
                        "scorer_instances=5",
                        "on_stale=drop",
                        "generators=3",
                        "scorer_timeout=1.5",
                        "heartbeat_timeout=2.5",
                        "recompute_old_logps=true")
                .options();
        assertThat(options.toString())
                .isEqualTo(
                        "PolicyOptions[algorithm=GRPO, lossType=DR_GRPO, numGenerations=6, maxCompletionLength=33, "
                                + "temperature=0.5, beta=0.3, klPlacement=REWARD, klTarget=4.0, klHorizon=500, epsilon=0.1, "
                                + "epsilonHigh=0.28, delta=4.0, scaleRewards=NONE, normalizeAdvantages=true, numIterations=3, "
                                + "stepsPerGeneration=4, maxStaleness=2, scorerInstances=5, onStale=DROP, "
                                + "generators=3, scorerTimeout=PT1.5S, heartbeatTimeout=PT2.5S, recomputeOldLogps=true, parts=PolicyParts[credit=null, loss=null, klController=null]]");
    }

    @Test
    void read_deltaWithinTheClipRange_isRefused() {
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> read("delta=1.25", "epsilon_high=0.28"));
        assertThat(refused).hasMessage("command line: delta: expected more than 1 + epsilon_high = 1.28, found 1.25");
    }

    @Test
    void read_oneAnswerWhereAnswersAreCompared_isRefused() {
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> read("num_generations=1"));
        assertThat(refused)
                .hasMessage("command line: num_generations: expected 2 or more, since answers to a prompt are"
                        + " compared, found 1");
        assertThat(read("algorithm=ppo", "num_generations=1").options().numGenerations())
                .isEqualTo(1);
    }

    private static PolicyKeys read(String... arguments) {
        return Settings.of(PolicyKeys.class).arguments(List.of(arguments)).read();
    }
}
