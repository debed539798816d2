package ai.preceptor.policy;

import ai.preceptor.policy.correction.ImportanceSampling;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.entropy.EntropyController;
import ai.preceptor.policy.entropy.HighEntropyTokens;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlEstimator;
import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.reward.RewardShaping;

/**
 * How scores become advantages, and which weights the answers have.
 *
 * @param credit how scores become advantages
 * @param placement where the KL to the reference is held against the policy
 * @param rewardKl estimates each token's KL where it is in the reward
 * @param kl the KL's coefficient at the start
 * @param importance weights of answers whose old log-probabilities are not the sampler's
 * @param entropy the coefficient of the entropy at the start
 * @param shaping what is done with scores before
 * @param tokens which tokens are learnt from by their entropy
 * @param rewardName the scorer's name in metrics: {@code rewards/NAME/mean}
 */
public record CreditConfig(
        CreditAssignment credit,
        KlPlacement placement,
        KlEstimator rewardKl,
        KlController kl,
        ImportanceSampling importance,
        EntropyController entropy,
        RewardShaping shaping,
        HighEntropyTokens tokens,
        String rewardName) {

    /** k1 in the reward, nothing corrected, all tokens learnt from, no entropy in the loss. */
    public CreditConfig(CreditAssignment credit, KlPlacement placement, KlController kl, String rewardName) {
        this(
                credit,
                placement,
                KlEstimators.K1,
                kl,
                ImportanceSampling.none(),
                new EntropyController.Fixed(0),
                RewardShaping.NONE,
                new HighEntropyTokens(1),
                rewardName);
    }

    /** The same with another shaping of scores. */
    public CreditConfig with(RewardShaping other) {
        return new CreditConfig(credit, placement, rewardKl, kl, importance, entropy, other, tokens, rewardName);
    }
}
