/**
 * Files of a model directory: JSON read strictly and written as Hugging Face tools write it, files replaced as a whole,
 * and the tokenizer's companions carried from one directory to another.
 *
 * <p>Takes paths, gives JSON trees and finished files. What the values mean is left to {@code lm.config}, the tensors to
 * {@code lm.weights}, the text to {@code lm.text}.
 */
@NullMarked
package ai.preceptor.lm.files;

import org.jspecify.annotations.NullMarked;
