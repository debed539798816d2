/**
 * PPO's critic: a model of the rewards still to come, trained beside the policy.
 *
 * <p><b>Takes</b> sampled answers, the values that the critic gave them when they were sampled, and returns.
 * <b>Gives</b> values, the critic's targets, and the value loss.
 * <b>Leaves to others</b>: returns and advantages ({@code policy.credit}), and steps ({@code policy.ppo}).
 */
@NullMarked
package ai.preceptor.policy.critic;

import org.jspecify.annotations.NullMarked;
