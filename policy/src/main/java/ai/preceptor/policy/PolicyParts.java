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
import org.jspecify.annotations.Nullable;

/**
 * The caller's own implementations for {@link PolicyOptions}. Each stands in the place of what the options' values
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
    public static final PolicyParts NONE = new PolicyParts(null, null, null, null, null, null, null, null);

    /** The same with advantages of whole answers. */
    public PolicyParts with(Advantages own) {
        return with(new CreditAssignment.WholeAnswer(own));
    }

    /** The same with advantages of tokens. */
    public PolicyParts with(CreditAssignment own) {
        return new PolicyParts(own, loss, klController, importance, teacher, critic, shaping, entropy);
    }

    /** The same with another loss. */
    public PolicyParts with(PolicyLoss own) {
        return new PolicyParts(credit, own, klController, importance, teacher, critic, shaping, entropy);
    }

    /** The same with another controller of the KL's coefficient. */
    public PolicyParts with(KlController own) {
        return new PolicyParts(credit, loss, own, importance, teacher, critic, shaping, entropy);
    }

    /** The same with other importance weights. */
    public PolicyParts with(ImportanceSampling own) {
        return new PolicyParts(credit, loss, klController, own, teacher, critic, shaping, entropy);
    }

    /** The same with a teacher of on-policy distillation. */
    public PolicyParts with(TokenScorer own) {
        return new PolicyParts(credit, loss, klController, importance, own, critic, shaping, entropy);
    }

    /** The same with another critic. */
    public PolicyParts with(CriticSource own) {
        return new PolicyParts(credit, loss, klController, importance, teacher, own, shaping, entropy);
    }

    /** The same with more done to scores. */
    public PolicyParts with(RewardShaping own) {
        return new PolicyParts(credit, loss, klController, importance, teacher, critic, own, entropy);
    }

    /** The same with another controller of the entropy's coefficient. */
    public PolicyParts with(EntropyController own) {
        return new PolicyParts(credit, loss, klController, importance, teacher, critic, shaping, own);
    }
}
