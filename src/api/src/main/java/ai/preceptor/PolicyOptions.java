package ai.preceptor;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicyObjective;
import ai.preceptor.policy.PolicyParts;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.policy.correction.ImportanceSampling;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.critic.CriticSource;
import ai.preceptor.policy.entropy.EntropyController;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.RatioStatistics;
import ai.preceptor.policy.opd.OpdSettings;
import ai.preceptor.policy.reward.RewardShaping;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How a policy is optimized; the size of a step and the learning rate are in {@link TrainConfig}.
 *
 * @param policy the algorithm, its loss and its sampling, by TRL's names
 * @param rollouts how answers are sampled and scored beside learning
 * @param parts objects of the caller's own in place of those that {@code policy} names
 */
public record PolicyOptions(PolicySettings policy, RolloutSettings rollouts, PolicyParts parts) {
    /** @throws ConfigurationException when values are out of their range; the message lists all that are */
    public PolicyOptions {
        Refusals refusals = Refusals.joining(policy, rollouts);
        policy.check(credit(policy, parts), refusals);
        policy.opd()
                .checkTeacher(
                        parts.teacher() != null || policy.opd().distillTeacher() != null,
                        policy.algorithm() == PolicyAlgorithm.OPD && parts.credit() == null,
                        refusals);
        policy.kl().checkUse(needsReference(policy, parts), refusals);
        policy.reference().check(needsReference(policy, parts), false, refusals);
        if (parts.critic() != null && !policy.hasCritic()) {
            refusals.refuse("algorithm", "expected ppo with a critic of one's own, found " + name(policy));
        }
        if (parts.importance() == null) {
            policy.checkCorrection(rollouts.maxStaleness(), policy.recomputes(Precision.FLOAT32), refusals);
        }
        refusals.throwIfAny();
    }

    /** Rollouts at their defaults, and no parts of the caller's own. */
    public PolicyOptions(PolicySettings policy) {
        this(policy, RolloutSettings.defaults(), PolicyParts.NONE);
    }

    /** RLOO as TRL has it: two answers to a prompt, each the other's baseline, k1 in the reward with 0.05. */
    public static PolicyOptions rloo() {
        return new PolicyOptions(PolicySettings.builder(PolicyAlgorithm.RLOO).build());
    }

    /** GRPO as TRL has it: eight answers to a prompt, no KL. */
    public static PolicyOptions grpo() {
        return new PolicyOptions(PolicySettings.builder(PolicyAlgorithm.GRPO).build());
    }

    /**
     * On-policy distillation without a reward: one answer to a prompt, no KL.
     *
     * @param teacher directory of a model with the student's vocabulary
     */
    public static PolicyOptions opd(Path teacher) {
        return new PolicyOptions(PolicySettings.builder(PolicyAlgorithm.OPD)
                .opd(OpdSettings.builder().distillTeacher(List.of(teacher)).build())
                .build());
    }

    /** PPO as TRL has it: an answer to a prompt, a critic as its baseline, k1 in the reward with 0.05; lr 3e-6 there. */
    public static PolicyOptions ppo() {
        return new PolicyOptions(PolicySettings.builder(PolicyAlgorithm.PPO).build());
    }

    /** The same with other rollouts. */
    public PolicyOptions with(RolloutSettings others) {
        return new PolicyOptions(policy, others, parts);
    }

    /** The same with objects of the caller's own: what makes advantages, the loss, what steers beta. */
    public PolicyOptions with(PolicyParts others) {
        return new PolicyOptions(policy, rollouts, others);
    }

    /** What makes advantages of scores. */
    CreditAssignment credit() {
        return credit(policy, parts);
    }

    private static CreditAssignment credit(PolicySettings policy, PolicyParts parts) {
        CreditAssignment own = parts.credit();
        return own == null ? policy.credit() : own;
    }

    /** Whether answers are compared with the policy as it was. */
    boolean needsReference() {
        return needsReference(policy, parts);
    }

    private static boolean needsReference(PolicySettings policy, PolicyParts parts) {
        PolicyLoss loss = parts.loss();
        return policy.beta() > 0 || parts.klController() != null || (loss != null && loss.needsReference());
    }

    KlController controller() {
        KlController own = parts.klController();
        return own == null ? policy.controller() : own;
    }

    PolicyObjective objective() {
        PolicyLoss own = parts.loss();
        PolicyLoss loss = own == null ? policy.loss() : own;
        return new PolicyObjective(
                name(policy),
                policy.hasCritic() ? new RatioStatistics(loss) : loss,
                policy.correction().mask(),
                0);
    }

    /** What is done with scores before they become advantages: what the values ask for, then the caller's own. */
    RewardShaping shaping() {
        RewardShaping own = parts.shaping();
        RewardShaping asked = policy.rewardShaping();
        return own == null ? asked : asked == RewardShaping.NONE ? own : RewardShaping.all(List.of(asked, own));
    }

    EntropyController entropy() {
        EntropyController own = parts.entropy();
        return own == null ? policy.entropy().controller() : own;
    }

    /** Weights of answers whose old log-probabilities are not the sampler's. */
    ImportanceSampling importance() {
        ImportanceSampling own = parts.importance();
        return own == null ? policy.importance() : own;
    }

    /** What opens the critic; read where the algorithm has one. */
    CriticSource critic() {
        CriticSource own = parts.critic();
        return own == null ? policy.critic().source() : own;
    }

    private static String name(PolicySettings policy) {
        return policy.algorithm().name().toLowerCase(Locale.ROOT);
    }
}
