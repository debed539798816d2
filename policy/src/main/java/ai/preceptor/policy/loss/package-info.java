/**
 * Policy losses: pure functions of the log-probabilities and advantages of one sampled answer.
 *
 * <p><b>Takes</b> numbers by token. <b>Gives</b> an answer's share of a step's loss, with its gradient.
 * <b>Leaves to others</b>: models, batches and sampling ({@code policy}, {@code train}).
 */
@NullMarked
package ai.preceptor.policy.loss;

import org.jspecify.annotations.NullMarked;
