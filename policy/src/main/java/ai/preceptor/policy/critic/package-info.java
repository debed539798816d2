/**
 * PPO's critic: a model of the rewards still to come, trained beside the policy.
 *
 * <p><b>Takes</b> sampled answers, the values that the critic gave them when they were sampled, and returns.
 * <b>Gives</b> values, the value loss, and what trains both models in one step.
 * <b>Leaves to others</b>: returns and advantages ({@code policy.credit}) and the policy's loss ({@code policy.loss}).
 */
@NullMarked
package ai.preceptor.policy.critic;

import org.jspecify.annotations.NullMarked;
