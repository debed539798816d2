/**
 * Divergences between a teacher's and a student's next-token distribution.
 *
 * <p><b>Takes</b> two distributions over the same outcomes, as log-probabilities. <b>Gives</b> how far they are apart, in
 * nats, and the derivative by the student's. <b>Leaves to others</b>: the kernels that do the same for whole vocabularies
 * ({@code lm}), which are tested against these classes.
 */
@NullMarked
package ai.preceptor.distill.divergence;

import org.jspecify.annotations.NullMarked;
