package ai.preceptor.policy;

import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlPlacement;

/**
 * How scores become advantages.
 *
 * @param credit how they become advantages
 * @param placement where the KL to the reference is held against the policy
 * @param kl its coefficient at the start
 * @param rewardName the scorer's name in metrics: {@code rewards/NAME/mean}
 */
public record CreditConfig(CreditAssignment credit, KlPlacement placement, KlController kl, String rewardName) {}
