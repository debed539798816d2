/**
 * Models of {@code lm} as the loop trains them: weights, gradients and AdamW behind
 * {@link ai.preceptor.train.Trainable}.
 *
 * <p>Takes a loaded model; gives it steps, checkpoints and, at the end, a directory in the layout of Hugging Face. Leaves
 * the mathematics to {@code lm}.
 */
@NullMarked
package ai.preceptor.train.model;

import org.jspecify.annotations.NullMarked;
