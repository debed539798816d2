/**
 * Which files make a model: configuration, tokenizer and chat template beside the weights or derived from a GGUF file's
 * metadata, the base below an adapter, and the tokenizer's companions carried from one directory to another.
 *
 * <p>Takes paths, gives documents and finished files. What the values mean is left to {@code formats.config}, the tensors to
 * {@code formats.weights}, the text to {@code lm.text}.
 */
@NullMarked
package ai.preceptor.formats.files;

import org.jspecify.annotations.NullMarked;
