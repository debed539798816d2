/**
 * A model's weights: on a device with their gradients, and in the files of a model directory.
 *
 * <p><b>Takes</b> a configuration and a source of tensors. <b>Gives</b> {@link ai.preceptor.lm.weights.Parameters}, made of
 * blocks that one matrix product serves, and writes them back. <b>Leaves to others</b>: computing with them ({@code
 * lm.decoder}), changing them ({@code lm.optim}).
 */
@NullMarked
package ai.preceptor.lm.weights;

import org.jspecify.annotations.NullMarked;
