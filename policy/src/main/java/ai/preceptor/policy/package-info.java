/**
 * Optimizes a policy against a reward, near a frozen reference.
 *
 * <p><b>Takes</b> scored trajectories.
 * <b>Gives</b> experience, the objective and the optimization step; {@link ai.preceptor.policy.PolicySettings} says how.
 * Advantages, KL control and losses are in the packages below.
 * <b>Leaves to others</b>: generating ({@code rollout}) and scoring ({@code reward}, {@code teacher}).
 */
@NullMarked
package ai.preceptor.policy;

import org.jspecify.annotations.NullMarked;
