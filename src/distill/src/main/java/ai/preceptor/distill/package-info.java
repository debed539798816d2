/**
 * Warm start: supervised fine-tuning and distribution matching.
 *
 * <p><b>Takes</b> completions, or a teacher's distributions.
 * <b>Gives</b> objectives for the training loop.
 * <b>Leaves to others</b>: preferences ({@code ranking}) and rewards ({@code reward}).
 */
@NullMarked
package ai.preceptor.distill;

import org.jspecify.annotations.NullMarked;
