package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicyParts;
import ai.preceptor.policy.PolicyPartsBuilder;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.policy.PolicySettingsBuilder;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.policy.kl.KlSettings;
import ai.preceptor.policy.kl.ReferenceSettings;
import ai.preceptor.policy.loss.ClipSettings;
import ai.preceptor.rollout.RolloutSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PolicyOptionsTest {
    @Test
    void build_severalWrongValues_namesAllWithTheirRanges() {
        PolicySettings policy = PolicySettings.builder(PolicyAlgorithm.RLOO)
                .numGenerations(1)
                .temperature(Double.NaN)
                .kl(KlSettings.builder().beta(0.0).klTarget(4.0).build())
                .clip(ClipSettings.builder().epsilonHigh(0.28).delta(1.25).build())
                .stepsPerGeneration(0)
                .build();
        RolloutSettings rollouts = RolloutSettings.builder().scorerTimeout(0).build();
        assertThatThrownBy(() -> new PolicyOptions(policy, rollouts, PolicyParts.NONE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("temperature: expected a number in (0, 1000000000), found NaN;"
                        + " steps_per_generation: expected an integer in [1, inf), found 0;"
                        + " scorer_timeout: expected a number in (0, 86400], found 0.0;"
                        + " num_generations: expected 2 or more, since answers to a prompt are compared, found 1;"
                        + " kl_target: expected nothing where beta is 0, found 4.0;"
                        + " delta: expected more than 1 + epsilon_high = 1.28, found 1.25");
    }

    /** What is left out takes its value from one that was refused; it is not refused too. */
    @Test
    void build_wrongEpsilon_isToldOnce() {
        PolicySettings policy = PolicySettings.builder(PolicyAlgorithm.PPO)
                .clip(ClipSettings.builder().epsilon(0.0).build())
                .numGenerations(0)
                .build();
        assertThatThrownBy(() -> new PolicyOptions(policy))
                .hasMessage("num_generations: expected an integer in [1, 65536], found 0;"
                        + " epsilon: expected a number in (0, 1], found 0.0");
        assertThat(new PolicyOptions(PolicySettings.builder(PolicyAlgorithm.PPO)
                                .numGenerations(1)
                                .build())
                        .policy()
                        .generations())
                .isEqualTo(1);
    }

    /** A controller of one's own keeps a reference even where it begins at 0. */
    @Test
    void build_keysOfAKlWithoutAReference_areRefused() {
        PolicySettings policy = PolicySettings.builder(PolicyAlgorithm.GRPO)
                .kl(KlSettings.builder().klEstimator(KlEstimators.K2).build())
                .build();
        assertThatThrownBy(() -> new PolicyOptions(policy))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("kl_estimator: expected nothing where beta is 0, since no reference is kept, found k2");
        PolicyParts steered = PolicyPartsBuilder.builder()
                .klController(new KlController.Fixed(0.1))
                .build();
        assertThat(new PolicyOptions(policy, RolloutSettings.defaults(), steered).needsReference())
                .isTrue();
    }

    /** One answer to a prompt is enough for advantages that compare none, whatever the algorithm would ask for. */
    @Test
    void build_ownCredit_saysHowManyAnswersItNeeds() {
        PolicyOptions options = new PolicyOptions(
                PolicySettings.builder(PolicyAlgorithm.RLOO).numGenerations(1).build(),
                RolloutSettings.defaults(),
                PolicyParts.NONE.with(new CreditAssignment.TokenReturns()));
        assertThat(options.credit().fewestScored()).isEqualTo(1);
    }

    /** Without a coefficient no reference is kept, from which nothing could be measured. */
    @Test
    void build_referenceWithoutBeta_isRefused() {
        PolicySettingsBuilder without = PolicySettings.builder(PolicyAlgorithm.GRPO);
        assertThatThrownBy(() -> new PolicyOptions(without.reference(ReferenceSettings.builder()
                                .refModel(Path.of("m"))
                                .build())
                        .build()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("ref_model: expected nothing where beta is 0, since no reference is kept");
        ReferenceSettings synced =
                ReferenceSettings.builder().syncRefModel(true).build();
        assertThatThrownBy(() -> new PolicyOptions(without.reference(synced).build()))
                .hasMessageStartingWith("sync_ref_model: expected nothing where beta is 0");
        KlSettings beta = KlSettings.builder().beta(0.1).build();
        assertThat(new PolicyOptions(without.kl(beta).build()).needsReference()).isTrue();
    }
}
