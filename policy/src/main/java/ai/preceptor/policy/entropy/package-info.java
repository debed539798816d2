/**
 * The policy's entropy: which tokens are learnt from by it, and its coefficient in the loss.
 *
 * <p><b>Takes</b> entropies by token. <b>Gives</b> weights and coefficients.
 * <b>Leaves to others</b>: the models that give the numbers ({@code policy}).
 */
@NullMarked
package ai.preceptor.policy.entropy;

import org.jspecify.annotations.NullMarked;
