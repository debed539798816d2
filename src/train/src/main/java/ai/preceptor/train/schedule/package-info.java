/**
 * Learning rates over a run: the shapes and the arithmetic of transformers' {@code get_scheduler}, so that a curve made
 * elsewhere with the same keys can be laid over ours.
 *
 * <p>Takes the step number; gives the rate of that step. Knows nothing of models or optimizers.
 */
@NullMarked
package ai.preceptor.train.schedule;

import org.jspecify.annotations.NullMarked;
