package ai.preceptor.policy;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.policy.correction.CorrectionSettings;
import ai.preceptor.policy.correction.ImportanceSampling;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.MultiObjectiveAggregation;
import ai.preceptor.policy.credit.NoReward;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.policy.critic.CriticSettings;
import ai.preceptor.policy.entropy.EntropySettings;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.kl.KlSettings;
import ai.preceptor.policy.kl.ReferenceSettings;
import ai.preceptor.policy.loss.ClipSettings;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.policy.opd.OpdSettings;
import ai.preceptor.policy.reward.DynamicSamplingSettings;
import ai.preceptor.policy.reward.RewardShaping;
import ai.preceptor.policy.reward.ShapingSettings;
import ai.preceptor.policy.sampling.FilterSettings;
import ai.preceptor.train.TrainConfig;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a policy is optimized, by TRL's names; the size of a step and the learning rate are in {@link TrainConfig}. The
 * annotations are the one home of defaults, ranges and help texts, and {@link PolicyAlgorithm} that of the defaults which
 * depend on the algorithm: those components are null where nothing is given, and a method resolves them.
 *
 * <p>Values are checked by who joins them with all others: the command line, or {@code PolicyOptions}.
 *
 * @param algorithm what makes advantages of rewards
 * @param lossType what is made of ratios and advantages; {@link #loss} resolves it
 * @param numGenerations answers to each prompt; {@link #generations} resolves it. 2 or more where answers are compared
 * @param maxCompletionLength most tokens of an answer, 1 or more
 * @param temperature of sampling and of all log-probabilities, entropies and KL, above 0: the policy that is optimized is
 *     the one at this temperature
 * @param scaleRewards by what GRPO's advantages are divided
 * @param multiObjectiveAggregation how the scores of several scorers become one advantage of GRPO
 * @param normalizeAdvantages whether RLOO's advantages are shifted and scaled over the batch
 * @param numIterations passes over a batch of answers, 1 or more; {@link #iterations} resolves it
 * @param stepsPerGeneration micro-batches of answers that are sampled together, those of whole optimizer steps; null for
 *     those of one
 * @param filter which tokens answers are sampled from
 * @param kl the KL to the reference
 * @param reference the model that the KL is computed against
 * @param clip bounds of the ratios
 * @param correction what is done about answers that another distribution sampled
 * @param critic PPO's value model, and what is made of its values
 * @param entropy which tokens are learnt from, and the bonus of the entropy
 * @param opd a teacher whose preferences are added to the advantages
 * @param shaping what is done with scores before they become advantages
 * @param dynamic whether prompts that teach nothing are replaced
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record PolicySettings(
        @Key(help = "how advantages are computed from rewards; only ppo trains a critic", defaultValue = "rloo")
        PolicyAlgorithm algorithm,

        @Key(
                help = "loss over ratios and advantages",
                defaultText = "rloo and opo: rloo; grpo and opd: dapo; others: ppo")
        @Nullable
        PolicyLossType lossType,

        @Key(
                help = "answers per prompt",
                defaultText = "rloo 2, grpo, opo and reinforce_plus_plus_baseline 8, others 1; with rollouts as "
                        + "recorded",
                range = "[1, 65536]")
        @Nullable
        Integer numGenerations,

        @Key(help = "maximum tokens of an answer", defaultValue = "512", range = "[1, inf)")
        int maxCompletionLength,

        @Key(help = "temperature of sampling and of all log-probabilities", defaultValue = "1", range = "(0, 1e9)")
        double temperature,

        @Key(help = "grpo: divisor of the advantages", defaultValue = "group")
        ScaleRewards scaleRewards,

        @Key(
                help = "grpo: sum the scores of several scorers before normalization, or normalize each separately "
                        + "(GDPO)",
                defaultValue = "sum_then_normalize")
        MultiObjectiveAggregation multiObjectiveAggregation,

        @Key(
                help = "rloo: normalize advantages to mean 0 and standard deviation 1 over the batch",
                defaultValue = "false")
        boolean normalizeAdvantages,

        @Key(
                help = "epochs over a batch of answers",
                defaultText = "1, for ppo and reinforce_plus_plus 4",
                range = "[1, inf)")
        @Nullable
        Integer numIterations,

        @Key(
                help = "number of batches of batch_size answers sampled together, a multiple of "
                        + "gradient_accumulation_steps",
                defaultText = "those of one step",
                range = "[1, inf)")
        @Nullable
        Integer stepsPerGeneration,

        @Group(title = "Sampling filters") FilterSettings filter,
        @Group(title = "KL to the reference") KlSettings kl,
        @Group(title = "Reference") ReferenceSettings reference,
        @Group(title = "Ratios and clipping") ClipSettings clip,
        @Group(title = "Samples of another policy") CorrectionSettings correction,
        @Group(title = "Critic") CriticSettings critic,
        @Group(title = "Entropy") EntropySettings entropy,
        @Group(title = "On-policy distillation") OpdSettings opd,
        @Group(title = "Shaping of rewards") ShapingSettings shaping,
        @Group(title = "Dynamic sampling") DynamicSamplingSettings dynamic)
        implements Checked {

    /** Most answers that are sampled and kept together, or used in one step. */
    private static final int MOST_ANSWERS = 1 << 20;

    /** Starts from the defaults of an algorithm. */
    public static PolicySettingsBuilder builder(PolicyAlgorithm algorithm) {
        return PolicySettingsBuilder.builder(new DefaultSettings<>(PolicySettings.class).make())
                .algorithm(algorithm);
    }

    /** Refuses values that do not fit together, whatever makes advantages of scores. */
    @Override
    public void check(Checks checks) {
        if (multiObjectiveAggregation == MultiObjectiveAggregation.NORMALIZE_THEN_SUM) {
            checkSeparateScorers(checks);
        }
        if (scaleRewards != ScaleRewards.GROUP && algorithm != PolicyAlgorithm.GRPO) {
            checks.refuse(
                    "scale_rewards",
                    "expected group with algorithm " + KeyName.of(algorithm) + ", which does not read it, found "
                            + KeyName.of(scaleRewards));
        }
        if (normalizeAdvantages && algorithm != PolicyAlgorithm.RLOO) {
            checks.refuse(
                    "normalize_advantages",
                    "expected false with algorithm " + KeyName.of(algorithm) + ", which does not read it, found true");
        }
        kl.check(beta(), klPlacement(), checks);
        reference.check(checks);
        clip.check(resolvedLossType(), checks);
        correction.check(checks);
        if (!hasCritic()) {
            critic.refuseAny(algorithm.name().toLowerCase(Locale.ROOT), checks);
        } else if (stepsPerGeneration != null && critic.numMiniBatches() > 1) {
            checks.refuse(
                    "steps_per_generation",
                    "expected none with num_mini_batches " + critic.numMiniBatches() + ", found " + stepsPerGeneration);
        }
        entropy.check(checks);
        opd.check(checks);
        shaping.check(maxCompletionLength, checks);
        if (shaping.stepRewards()) {
            checkSteps(checks);
        }
        if (entropy.selects() && Boolean.FALSE.equals(correction.recomputeOldLogps())) {
            checks.refuse("recompute_old_logps", "expected true where top_entropy_quantile is below 1, found false");
        }
    }

    /**
     * Refuses values that do not fit together, or not what makes advantages.
     *
     * @param credit what makes advantages of scores in the end
     */
    public void check(CreditAssignment credit, Checks checks) {
        int fewest = credit.fewestScored();
        if (generations() < fewest) {
            String why = fewest > 1 ? ", since answers to a prompt are compared" : "";
            checks.refuse("num_generations", "expected " + fewest + " or more" + why + ", found " + generations());
        }
        if (credit instanceof NoReward && klPlacement() != KlPlacement.LOSS) {
            checks.refuse(
                    "kl_placement",
                    "expected loss with algorithm " + KeyName.of(algorithm) + ", which reads no reward, found "
                            + KeyName.of(klPlacement()));
        }
        check(checks);
    }

    /**
     * Refuses stale samples that nothing corrects for.
     *
     * @param maxStaleness optimizer steps that a sample may be behind, 0 or more
     * @param recomputes whether old log-probabilities are recomputed
     */
    public void checkCorrection(int maxStaleness, boolean recomputes, Checks checks) {
        if (!resolvedLossType().comparesWithSampler()) {
            correction.check(maxStaleness, recomputes, checks);
        }
    }

    private void checkSteps(Checks checks) {
        String found = "expected false with algorithm " + KeyName.of(algorithm) + ", which ";
        switch (algorithm) {
            case PPO, REINFORCE_PLUS_PLUS -> {}
            case GRPO -> {
                if (scaleRewards == ScaleRewards.BATCH
                        || multiObjectiveAggregation == MultiObjectiveAggregation.NORMALIZE_THEN_SUM) {
                    checks.refuse(
                            "step_rewards",
                            "expected false with scale_rewards batch and with multi_objective_aggregation"
                                    + " normalize_then_sum, found true");
                }
            }
            default -> checks.refuse("step_rewards", found + "rewards whole answers, found true");
        }
    }

    private void checkSeparateScorers(Checks checks) {
        if (algorithm != PolicyAlgorithm.GRPO) {
            checks.refuse(
                    "multi_objective_aggregation",
                    "expected sum_then_normalize with algorithm " + KeyName.of(algorithm)
                            + ", found normalize_then_sum");
        } else if (scaleRewards != ScaleRewards.GROUP) {
            checks.refuse(
                    "scale_rewards",
                    "expected group with multi_objective_aggregation normalize_then_sum, found "
                            + KeyName.of(scaleRewards));
        }
    }

    /** Refuses what the number of answers to a prompt rules out: a step that they cannot be cut into, and replaced prompts. */
    public void check(TrainConfig training, Checks checks) {
        dynamic.check(generations(), checks);
        String times = "batch_size x "
                + (stepsPerGeneration == null ? "gradient_accumulation_steps" : "steps_per_generation")
                + (critic.numMiniBatches() > 1 ? " x num_mini_batches" : "");
        long together = sampledTogether(training);
        long answers = together > MOST_ANSWERS ? Long.MAX_VALUE : training.batchSize() * together;
        int accumulated = training.gradientAccumulationSteps();
        if (answers > MOST_ANSWERS) {
            checks.refuse(
                    "batch_size",
                    "expected " + times + ", the answers that are sampled and kept together, to be at most "
                            + MOST_ANSWERS + ", found " + training.batchSize() + " x " + together);
        } else if ((long) training.batchSize() * accumulated > MOST_ANSWERS) {
            checks.refuse(
                    "gradient_accumulation_steps",
                    "expected batch_size x gradient_accumulation_steps, the answers of a step, to be at most "
                            + MOST_ANSWERS + ", found " + training.batchSize() + " x " + accumulated);
        } else if (stepsPerGeneration != null && stepsPerGeneration % Math.max(1, accumulated) != 0) {
            checks.refuse(
                    "steps_per_generation",
                    "expected a multiple of gradient_accumulation_steps (" + accumulated
                            + "), since a step learns from answers that are sampled together, found "
                            + stepsPerGeneration);
        } else if (answers % Math.max(1, generations()) != 0) { // where it is refused it is 0
            checks.refuse(
                    "batch_size",
                    "expected " + times + " to be a multiple of num_generations (" + generations() + "), found "
                            + answers);
        }
    }

    /** Micro-batches of answers that are sampled together. */
    private long sampledTogether(TrainConfig training) {
        return stepsPerGeneration == null
                ? (long) training.gradientAccumulationSteps() * critic.numMiniBatches()
                : stepsPerGeneration;
    }

    /**
     * Prompts of a batch of answers.
     *
     * @throws ai.preceptor.data.ConfigurationException when the answers of a batch are too many, or no whole number of
     *     prompts, or prompts with single answers are to be replaced
     */
    public int promptsPerBatch(TrainConfig training) {
        Refusals refusals = Refusals.none();
        check(training, refusals);
        refusals.throwIfAny();
        return (int) (training.batchSize() * sampledTogether(training) / generations());
    }

    /** Answers to each prompt. */
    public int generations() {
        return numGenerations == null ? algorithm.numGenerations : numGenerations;
    }

    /** Passes over a batch of answers. */
    public int iterations() {
        return numIterations == null ? algorithm.numIterations : numIterations;
    }

    /** The coefficient of the KL to the reference at the start; with 0 no reference is kept. */
    public double beta() {
        return kl.beta() == null ? algorithm.beta : kl.beta();
    }

    /** Where that KL is held against the policy. */
    public KlPlacement klPlacement() {
        return kl.klPlacement() == null ? algorithm.klPlacement : kl.klPlacement();
    }

    /** What steers the coefficient. */
    public KlController controller() {
        return kl.controller(beta());
    }

    /** Whether a critic is trained beside the policy. */
    public boolean hasCritic() {
        return algorithm.hasCritic();
    }

    /** What makes advantages of scores. */
    public CreditAssignment credit() {
        return algorithm.credit(this);
    }

    /** What is made of advantages and ratios. */
    public PolicyLoss loss() {
        return resolvedLossType().loss(clip, kl.penalty(beta(), klPlacement()), maxCompletionLength);
    }

    /** What corrects for the difference of the sampler and the old policy; nothing where the loss does. */
    public ImportanceSampling importance() {
        return resolvedLossType().comparesWithSampler() ? ImportanceSampling.none() : correction.importance();
    }

    private PolicyLossType resolvedLossType() {
        return lossType == null ? algorithm.lossType : lossType;
    }

    /** Whether the old log-probabilities of samples that a model of this precision drew are recomputed. */
    public boolean recomputes(Precision precision) {
        Boolean asked = correction.recomputeOldLogps();
        return asked == null ? precision == Precision.BFLOAT16 || entropy.selects() : asked;
    }

    /** What is done with scores before they become advantages. */
    public RewardShaping rewardShaping() {
        return shaping.shaping(maxCompletionLength);
    }

    /** How tokens are drawn. */
    public SamplingOptions sampling() {
        SamplingOptions unfiltered = SamplingOptions.atTemperature(temperature, maxCompletionLength, 0);
        return unfiltered.with(filter.apply(unfiltered.settings()));
    }
}
