/**
 * What is said of the single tokens of sampled answers.
 *
 * <p><b>Takes</b> trajectories. <b>Gives</b> log-probabilities by token.
 * <b>Leaves to others</b>: scores of whole answers ({@code data}), what is learnt from either ({@code policy}).
 */
@NullMarked
package ai.preceptor.data.tokens;

import org.jspecify.annotations.NullMarked;
