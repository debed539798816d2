/**
 * The optimizer: takes the gradients of {@link ai.preceptor.lm.weights.Parameters}, changes the weights. Schedules and loops live
 * above.
 */
@NullMarked
package ai.preceptor.lm.optim;

import org.jspecify.annotations.NullMarked;
