/**
 * What methods share that learn from answers which the model in training has just sampled.
 *
 * <p><b>Takes</b> trajectories. <b>Gives</b> their source while the weights change ({@link
 * ai.preceptor.train.sampling.PolicySampler}), the moments of their scores, and the metrics of a batch.
 * <b>Leaves to others</b>: sampling and scoring ({@code rollout}), learning ({@code policy}, {@code ranking}).
 */
@NullMarked
package ai.preceptor.train.sampling;

import org.jspecify.annotations.NullMarked;
