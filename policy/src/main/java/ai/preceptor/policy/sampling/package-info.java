/**
 * How answers are sampled for policy optimization.
 *
 * <p><b>Takes</b> keys. <b>Gives</b> settings of sampling. <b>Leaves to others</b>: sampling ({@code lm}, {@code rollout}), and
 * normalizing log-probabilities over what was kept ({@code lm}).
 */
@NullMarked
package ai.preceptor.policy.sampling;

import org.jspecify.annotations.NullMarked;
