package ai.preceptor.cli.keys.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.cli.config.Settings;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.policy.credit.GeneralizedAdvantage;
import ai.preceptor.policy.credit.GeneralizedAdvantageCredit;
import ai.preceptor.policy.critic.CriticSettings;
import ai.preceptor.policy.critic.ValueLoss;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.TrainConfig;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the command line makes of the settings of policies and rollouts. */
class PolicySettingsTest {
    /** The library's own defaults and the ones that the help text shows are one truth. */
    @ParameterizedTest
    @EnumSource(PolicyAlgorithm.class)
    void read_nothingGiven_equalsTheLibrarys(PolicyAlgorithm algorithm) {
        assertThat(read("algorithm=" + algorithm.name().toLowerCase(Locale.ROOT)))
                .isEqualTo(PolicySettings.builder(algorithm).build());
        assertThat(Settings.of(RolloutSettings.class).read()).isEqualTo(RolloutSettings.defaults());
    }

    /** TRL's RLOOConfig, GRPOConfig and PPOConfig; those that depend on the algorithm are null until they are resolved. */
    @Test
    void read_defaults_areTrls() {
        PolicySettings rloo = read();
        assertThat(rloo.toString())
                .startsWith("PolicySettings[algorithm=RLOO, lossType=null, numGenerations=null, "
                        + "maxCompletionLength=512, temperature=1.0, scaleRewards=GROUP, "
                        + "multiObjectiveAggregation=SUM_THEN_NORMALIZE, normalizeAdvantages=false, "
                        + "numIterations=null, stepsPerGeneration=null, ");
        assertThat(rloo.filter()).hasToString("FilterSettings[topP=1.0, topK=0, minP=0.0]");
        assertThat(rloo.kl().toString())
                .isEqualTo("KlSettings[beta=null, klEstimator=null, klPlacement=null, useBiasCorrectionKl=null, "
                        + "klTarget=null, klHorizon=10000]");
        assertThat(rloo.clip().toString())
                .isEqualTo("ClipSettings[epsilon=null, epsilonHigh=null, delta=null, importanceSamplingLevel=null, "
                        + "sapoTemperaturePos=1.0, sapoTemperatureNeg=1.05, vespoKPos=2.0, vespoLambdaPos=3.0, "
                        + "vespoKNeg=3.0, vespoLambdaNeg=2.0]");
        assertThat(rloo.correction().toString())
                .isEqualTo("CorrectionSettings[recomputeOldLogps=null, importanceSamplingMode=SEQUENCE_MASK, "
                        + "importanceSamplingClipMax=3.0, importanceSamplingClipMin=null, "
                        + "offPolicyMaskThreshold=null]");
        assertThat(rloo.entropy().toString())
                .isEqualTo("EntropySettings[topEntropyQuantile=1.0, entropyCoef=0.0, useAdaptiveEntropy=false, "
                        + "entropyTarget=0.2, entropyCoefDelta=0.005, entropyCoefMin=0.0, entropyCoefMax=1.0]");
        assertThat(rloo.reference().toString())
                .isEqualTo("ReferenceSettings[refModel=null, syncRefModel=false, refModelMixupAlpha=0.6, "
                        + "refModelSyncSteps=512, refResetSteps=null]");
        assertThat(rloo.shaping().toString())
                .isEqualTo(
                        "ShapingSettings[missingEosPenalty=null, overlongBufferLen=null, "
                                + "overlongPenaltyFactor=1.0, rewardClipRange=null, maskTruncatedCompletions=false, stepRewards=false]");
        assertThat(rloo.dynamic().toString())
                .isEqualTo("DynamicSamplingSettings[dynamicSampling=false, maxNumGenBatches=10]");
        assertThat(RolloutSettings.defaults().toString())
                .isEqualTo("RolloutSettings[maxStaleness=0, scorerInstances=1, onStale=WAIT, generators=0, "
                        + "scorerTimeout=600.0, heartbeatTimeout=120.0]");
        assertResolved(rloo, 2, 1, 0.05, KlPlacement.REWARD);
        assertResolved(read("algorithm=grpo"), 8, 1, 0, KlPlacement.LOSS);
        assertResolved(read("algorithm=ppo"), 1, 4, 0.05, KlPlacement.REWARD);
        assertResolved(read("algorithm=reinforce_plus_plus"), 1, 4, 0.05, KlPlacement.REWARD);
        assertThat(read("algorithm=ppo").critic().toString())
                .isEqualTo("CriticSettings[gamma=1.0, lam=0.95, valueLambda=null, cliprangeValue=0.2, valueModel=null, "
                        + "valueLearningRate=1.0E-5, criticWarmup=0, whitenRewards=false, numMiniBatches=1]");
        assertThat(rloo.loss().toString()).startsWith("ClippedPolicyLoss[level=SEQUENCE, aggregation=SEQUENCE_MEAN, ");
        assertThat(rloo.loss().toString()).contains("RatioClip[epsilon=0.2, epsilonHigh=0.2, delta=Infinity]");
        assertThat(read("algorithm=grpo").loss().toString()).contains("[level=TOKEN, aggregation=TOKEN_MEAN, ");
    }

    private static void assertResolved(
            PolicySettings settings, int generations, int iterations, double beta, KlPlacement placement) {
        assertThat(settings.generations()).isEqualTo(generations);
        assertThat(settings.iterations()).isEqualTo(iterations);
        assertThat(settings.controller()).isEqualTo(new KlController.Fixed(beta));
        assertThat(settings.klPlacement()).isEqualTo(placement);
    }

    @Test
    void read_everyKeyGiven_arrives() {
        PolicySettings settings = read(
                "algorithm=grpo",
                "loss_type=dr_grpo",
                "num_generations=6",
                "max_completion_length=33",
                "temperature=0.5",
                "top_p=0.8",
                "top_k=40",
                "min_p=0.1",
                "beta=0.3",
                "kl_estimator=k3+",
                "kl_placement=both",
                "use_bias_correction_kl=false",
                "kl_target=4",
                "kl_horizon=500",
                "sync_ref_model=true",
                "ref_model_mixup_alpha=0.5",
                "ref_model_sync_steps=7",
                "epsilon=0.1",
                "epsilon_high=0.28",
                "delta=4",
                "scale_rewards=none",
                "num_iterations=3",
                "steps_per_generation=4",
                "recompute_old_logps=true",
                "importance_sampling_mode=token_truncate",
                "importance_sampling_clip_max=2",
                "importance_sampling_clip_min=0.5",
                "off_policy_mask_threshold=0.25",
                "top_entropy_quantile=0.2",
                "entropy_coef=0.01",
                "use_adaptive_entropy=true",
                "entropy_target=0.3",
                "entropy_coef_delta=0.001",
                "entropy_coef_min=-0.1",
                "entropy_coef_max=0.5");
        assertThat(settings.toString())
                .startsWith("PolicySettings[algorithm=GRPO, lossType=DR_GRPO, numGenerations=6, "
                        + "maxCompletionLength=33, temperature=0.5, scaleRewards=NONE, "
                        + "multiObjectiveAggregation=SUM_THEN_NORMALIZE, normalizeAdvantages=false, "
                        + "numIterations=3, stepsPerGeneration=4, ");
        assertThat(read("normalize_advantages=true").normalizeAdvantages()).isTrue();
        assertThat(settings.filter()).hasToString("FilterSettings[topP=0.8, topK=40, minP=0.1]");
        SamplingSettings sampling = settings.sampling().settings();
        assertThat(sampling.topP()).isEqualTo(0.8);
        assertThat(sampling.topK()).isEqualTo(40);
        assertThat(sampling.minP()).isEqualTo(0.1);
        assertThat(settings.kl().toString())
                .isEqualTo("KlSettings[beta=0.3, klEstimator=K3_PLUS, klPlacement=BOTH, useBiasCorrectionKl=false, "
                        + "klTarget=4.0, klHorizon=500]");
        assertThat(settings.clip().toString())
                .startsWith("ClipSettings[epsilon=0.1, epsilonHigh=0.28, delta=4.0, importanceSamplingLevel=null, ");
        assertThat(settings.correction().toString())
                .isEqualTo("CorrectionSettings[recomputeOldLogps=true, importanceSamplingMode=TOKEN_TRUNCATE, "
                        + "importanceSamplingClipMax=2.0, importanceSamplingClipMin=0.5, "
                        + "offPolicyMaskThreshold=0.25]");
        assertThat(settings.entropy().toString())
                .isEqualTo("EntropySettings[topEntropyQuantile=0.2, entropyCoef=0.01, useAdaptiveEntropy=true, "
                        + "entropyTarget=0.3, entropyCoefDelta=0.001, entropyCoefMin=-0.1, entropyCoefMax=0.5]");
        assertThat(settings.reference().toString())
                .isEqualTo("ReferenceSettings[refModel=null, syncRefModel=true, refModelMixupAlpha=0.5, "
                        + "refModelSyncSteps=7, refResetSteps=null]");
        assertThat(settings.controller()).isEqualTo(new KlController.Adaptive(0.3, 4, 500));
        assertThat(settings.loss().toString())
                .startsWith("ClippedPolicyLoss[level=TOKEN, aggregation=FIXED_LENGTH, "
                        + "clip=RatioClip[epsilon=0.1, epsilonHigh=0.28, delta=4.0], kl=KlPenalty[beta=0.3, ");
    }

    @Test
    void read_everyKeyOfRollouts_arrives() {
        RolloutSettings settings = Settings.of(RolloutSettings.class)
                .arguments(List.of(
                        "max_staleness=2",
                        "scorer_instances=5",
                        "on_stale=drop",
                        "generators=3",
                        "scorer_timeout=1.5",
                        "heartbeat_timeout=2.5"))
                .read();
        assertThat(settings.toString())
                .isEqualTo("RolloutSettings[maxStaleness=2, scorerInstances=5, onStale=DROP, generators=3, "
                        + "scorerTimeout=1.5, heartbeatTimeout=2.5]");
        assertThat(settings.scoringDeadline()).hasMillis(1500);
        assertThat(settings.silence()).hasMillis(2500);
    }

    @Test
    void read_deltaWithinTheClipRange_isRefused() {
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> read("delta=1.25", "epsilon_high=0.28"));
        assertThat(refused).hasMessage("command line: delta: expected more than 1 + epsilon_high = 1.28, found 1.25");
    }

    @Test
    void read_separateScorers_areOfGrpoAlone() {
        assertThat(read("algorithm=grpo", "multi_objective_aggregation=normalize_then_sum")
                        .credit()
                        .name())
                .isEqualTo("normalized_parts");
        ConfigurationException other = catchThrowableOfType(
                ConfigurationException.class, () -> read("multi_objective_aggregation=normalize_then_sum"));
        assertThat(other)
                .hasMessage("command line: multi_objective_aggregation: expected sum_then_normalize with algorithm"
                        + " rloo, found normalize_then_sum");
        ConfigurationException scaled = catchThrowableOfType(
                ConfigurationException.class,
                () -> read("algorithm=grpo", "multi_objective_aggregation=normalize_then_sum", "scale_rewards=batch"));
        assertThat(scaled).hasMessageContaining("scale_rewards: expected group");
    }

    @Test
    void read_oneAnswerWhereAnswersAreCompared_isRefused() {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> Settings.of(PolicyConfig.class)
                        .arguments(List.of(
                                "model=" + Golden.dir("tiny-chat"),
                                "data=" + Golden.file("pairs.jsonl"),
                                "rule=brevity",
                                "max_completion_length=8",
                                "num_generations=1"))
                        .read());
        assertThat(refused)
                .hasMessage("command line: num_generations: expected 2 or more, since answers to a prompt are"
                        + " compared, found 1");
        assertThat(read("algorithm=ppo", "num_generations=1").generations()).isEqualTo(1);
    }

    @Test
    void read_everyKeyOfTheCritic_arrives() {
        CriticSettings critic = read(
                        "algorithm=ppo",
                        "gamma=0.9",
                        "lam=0.8",
                        "value_lambda=0.7",
                        "cliprange_value=0.5",
                        "value_model=" + Golden.dir("tiny-chat"),
                        "value_learning_rate=2e-5",
                        "critic_warmup=3",
                        "whiten_rewards=true",
                        "num_mini_batches=4")
                .critic();
        assertThat(critic.toString())
                .isEqualTo("CriticSettings[gamma=0.9, lam=0.8, valueLambda=0.7, cliprangeValue=0.5, valueModel="
                        + Golden.dir("tiny-chat")
                        + ", valueLearningRate=2.0E-5, criticWarmup=3, whitenRewards=true, numMiniBatches=4]");
        assertThat(critic.credit())
                .isEqualTo(new GeneralizedAdvantageCredit(new GeneralizedAdvantage(0.9, 0.8), 0.7, true));
        assertThat(critic.loss()).isEqualTo(new ValueLoss(0.5));
    }

    @Test
    void read_impossibleKeysOfTheCritic_areRefusedTogether() {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> read("algorithm=ppo", "gamma=1.5", "lam=-1", "num_mini_batches=2", "steps_per_generation=2"));
        assertThat(refused)
                .hasMessageContaining("gamma: expected a number in [0, 1], found 1.5")
                .hasMessageContaining("lam: expected a number in [0, 1], found -1")
                .hasMessageContaining("steps_per_generation: expected none with num_mini_batches 2, found 2");
        ConfigurationException without =
                catchThrowableOfType(ConfigurationException.class, () -> read("lam=0.9", "critic_warmup=2", "gamma=1"));
        assertThat(without)
                .hasMessageContaining("lam: expected none with algorithm=rloo, which has no critic, found 0.9")
                .hasMessageContaining("critic_warmup: expected none with algorithm=rloo, which has no critic, found 2")
                .hasMessageNotContaining("gamma");
    }

    private static PolicySettings read(String... arguments) {
        return Settings.of(PolicySettings.class).arguments(List.of(arguments)).read();
    }

    @Test
    void keysOfWhatIsNotSwitchedOn_areRefused() {
        assertThat(catchThrowableOfType(
                        ConfigurationException.class, () -> read("entropy_target=0.3", "entropy_coef_max=0.5")))
                .hasMessageContaining("entropy_target: expected 0.2 without use_adaptive_entropy, found 0.3")
                .hasMessageContaining("entropy_coef_max: expected 1.0 without use_adaptive_entropy, found 0.5");
        assertThat(catchThrowableOfType(
                        ConfigurationException.class,
                        () -> read("ref_model_mixup_alpha=0.5", "ref_model_sync_steps=7")))
                .hasMessageContaining("ref_model_mixup_alpha: expected 0.6 without sync_ref_model, found 0.5")
                .hasMessageContaining("ref_model_sync_steps: expected 512 without sync_ref_model, found 7");
        assertThat(catchThrowableOfType(ConfigurationException.class, () -> read("kl_horizon=500")))
                .hasMessageContaining("kl_horizon: expected 10000 without kl_target, found 500");
        assertThat(catchThrowableOfType(ConfigurationException.class, () -> read("loss_type=cispo", "epsilon=0.1")))
                .hasMessageContaining("epsilon: expected 0.2 with loss_type cispo, which does not read it, found 0.1");
    }

    /** A step takes its answers from one batch of samples: what is left of it cannot be filled up with others. */
    @Test
    void check_samplesThatAreNoWholeSteps_areRefused() {
        TrainConfig training =
                TrainConfig.builder().batchSize(8).gradientAccumulationSteps(4).build();
        for (String steps : List.of("1", "6")) {
            PolicySettings settings = read("steps_per_generation=" + steps);
            assertThat(catchThrowableOfType(ConfigurationException.class, () -> settings.promptsPerBatch(training)))
                    .hasMessage("steps_per_generation: expected a multiple of gradient_accumulation_steps (4), since a"
                            + " step learns from answers that are sampled together, found " + steps);
        }
        assertThat(read("steps_per_generation=8").promptsPerBatch(training)).isEqualTo(32);
        assertThat(read().promptsPerBatch(training)).isEqualTo(16);
    }
}
