/**
 * From scores to rewards: what is done with the scores of a batch before they become advantages.
 *
 * <p><b>Takes</b> scored trajectories.
 * <b>Gives</b> a reward for each, whether it is learnt from, and metrics.
 * <b>Leaves to others</b>: scoring ({@code reward}, {@code teacher}), the KL penalty and advantages ({@code credit}).
 */
@NullMarked
package ai.preceptor.policy.reward;

import org.jspecify.annotations.NullMarked;
