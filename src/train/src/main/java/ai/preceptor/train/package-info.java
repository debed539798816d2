/**
 * One training loop for every objective.
 *
 * <p><b>Takes</b> a model, rows, and an objective.
 * <b>Gives</b> an updated model, metrics, checkpoints and a run directory.
 * <b>Leaves to others</b>: the objectives themselves ({@code distill}, {@code reward}, {@code ranking}, {@code
 * policy}).
 */
@NullMarked
package ai.preceptor.train;

import org.jspecify.annotations.NullMarked;
