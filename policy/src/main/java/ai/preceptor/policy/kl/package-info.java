/**
 * The KL to a frozen reference: its estimators, its place in the reward or the loss, and what steers its coefficient.
 *
 * <p><b>Takes</b> log-ratios of policy to reference. <b>Gives</b> estimates in nats, their derivatives and coefficients.
 * <b>Leaves to others</b>: the reference's log-probabilities ({@code lm}).
 */
@NullMarked
package ai.preceptor.policy.kl;

import org.jspecify.annotations.NullMarked;
