/**
 * What each optimizer step is fed: which rows, in which order, cut into which micro-batches.
 *
 * <p>Takes rows and a seed; gives {@link ai.preceptor.train.rows.StepRows} for any step number, so that a resumed run
 * sees what an uninterrupted one would have seen. Leaves reading files to {@code data} and packing to the learner.
 */
@NullMarked
package ai.preceptor.train.rows;

import org.jspecify.annotations.NullMarked;
