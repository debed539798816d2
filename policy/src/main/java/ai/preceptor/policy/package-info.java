/**
 * Optimizes a policy against a reward, near a frozen reference.
 *
 * <p><b>Takes</b> scored trajectories.
 * <b>Gives</b> advantages, KL control, objectives and the optimization step.
 * <b>Leaves to others</b>: generating ({@code rollout}) and scoring ({@code reward}, {@code teacher}).
 */
@NullMarked
package ai.preceptor.policy;

import org.jspecify.annotations.NullMarked;
