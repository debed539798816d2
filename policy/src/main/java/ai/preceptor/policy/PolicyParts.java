package ai.preceptor.policy;

import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.policy.correction.ImportanceSampling;
import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.critic.CriticSource;
import ai.preceptor.policy.entropy.EntropyController;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.reward.RewardShaping;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The caller's own implementations for {@code PolicyOptions}. Each stands in the place of what the options' values
 * name: their {@code algorithm}, {@code scaleRewards} and {@code normalizeAdvantages}; their {@code lossType},
 * {@code epsilon}, {@code epsilonHigh} and {@code delta}; their {@code beta}, {@code klTarget} and {@code klHorizon},
 * which are then not read.
 *
 * <p>A run's checkpoints know each by its name, and a run continues only with parts of the same names.
 *
 * @param credit what makes advantages of scores; null for the algorithm's
 * @param loss what is made of advantages and ratios; null for the loss type's. {@code klPlacement} says whether the
 *     controller's coefficient is given to it or to the reward
 * @param klController the coefficient of the KL to the reference, which is kept even where it begins at 0; null for the
 *     options' beta
 * @param importance weights of answers whose old log-probabilities are recomputed; null for the options'
 *     {@code importanceSamplingMode} with its bounds
 * @param teacher of on-policy distillation; null for the options' {@code distillTeacher}. It stays its owner's to close
 * @param critic what opens the critic of {@code algorithm=ppo}; null for the value model that the options name
 * @param shaping what is done with scores before they become advantages, after what the options' values ask for; null for
 *     nothing more
 * @param entropy the coefficient of the entropy in the loss; null for the options' {@code entropyCoef}
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record PolicyParts(
        @Nullable CreditAssignment credit,
        @Nullable PolicyLoss loss,
        @Nullable KlController klController,
        @Nullable ImportanceSampling importance,
        @Nullable TokenScorer teacher,
        @Nullable CriticSource critic,
        @Nullable RewardShaping shaping,
        @Nullable EntropyController entropy) {

    /** All as the options' values name them. */
    public static final PolicyParts NONE = PolicyPartsBuilder.builder().build();

    /** The same with advantages of whole answers. */
    public PolicyParts with(Advantages own) {
        return with(new CreditAssignment.WholeAnswer(own));
    }

    /** The same with advantages of tokens. */
    public PolicyParts with(CreditAssignment own) {
        return PolicyPartsBuilder.builder(this).credit(own).build();
    }

    /** The same with another loss. */
    public PolicyParts with(PolicyLoss own) {
        return PolicyPartsBuilder.builder(this).loss(own).build();
    }

    /** The same with another controller of the KL's coefficient. */
    public PolicyParts with(KlController own) {
        return PolicyPartsBuilder.builder(this).klController(own).build();
    }

    /** The same with other importance weights. */
    public PolicyParts with(ImportanceSampling own) {
        return PolicyPartsBuilder.builder(this).importance(own).build();
    }

    /** The same with a teacher of on-policy distillation. */
    public PolicyParts with(TokenScorer own) {
        return PolicyPartsBuilder.builder(this).teacher(own).build();
    }

    /** The same with another critic. */
    public PolicyParts with(CriticSource own) {
        return PolicyPartsBuilder.builder(this).critic(own).build();
    }

    /** The same with more done to scores. */
    public PolicyParts with(RewardShaping own) {
        return PolicyPartsBuilder.builder(this).shaping(own).build();
    }

    /** The same with another controller of the entropy's coefficient. */
    public PolicyParts with(EntropyController own) {
        return PolicyPartsBuilder.builder(this).entropy(own).build();
    }
}
