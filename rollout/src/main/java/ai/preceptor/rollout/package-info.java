/**
 * Actors that generate and score while a learner learns.
 *
 * <p><b>Takes</b> prompts, a generator and a scorer.
 * <b>Gives</b> trajectories, in a bounded buffer, each with the version of the policy that made it.
 * <b>Leaves to others</b>: computing advantages and stepping ({@code policy}).
 */
@NullMarked
package ai.preceptor.rollout;

import org.jspecify.annotations.NullMarked;
