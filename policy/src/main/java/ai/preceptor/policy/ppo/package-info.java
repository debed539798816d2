/**
 * PPO's training: a policy and its critic as one model of the training loop.
 *
 * <p><b>Takes</b> the policy's pass, a {@link ai.preceptor.policy.critic.Critic}, and experience with the critic's targets.
 * <b>Gives</b> the pass over both and the step of both.
 * <b>Leaves to others</b>: the losses ({@code policy.loss}, {@code policy.critic}).
 */
@NullMarked
package ai.preceptor.policy.ppo;

import org.jspecify.annotations.NullMarked;
