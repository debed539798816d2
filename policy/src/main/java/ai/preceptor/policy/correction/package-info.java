/**
 * Corrections for answers that another distribution sampled than the one that learns from them: an older version of the
 * policy, other kernels, another engine.
 *
 * <p><b>Takes</b> log-probabilities by token. <b>Gives</b> weights of the policy's loss terms.
 * <b>Leaves to others</b>: the models that give the numbers ({@code policy}), the losses ({@code policy.loss}).
 */
@NullMarked
package ai.preceptor.policy.correction;

import org.jspecify.annotations.NullMarked;
