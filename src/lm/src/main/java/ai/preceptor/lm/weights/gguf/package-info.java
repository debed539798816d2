/**
 * The numbers of GGUF files: quantized blocks as float32, and a file's tensors under the names and in the row order of a
 * Hugging Face checkpoint.
 *
 * <p><b>Takes</b> a file that {@code lm.gguf} has checked. <b>Gives</b> a {@link ai.preceptor.lm.weights.TensorSource}.
 * <b>Leaves</b> metadata to {@code lm.gguf}. Blocks are decoded a few rows at a time, when asked for.
 */
@NullMarked
package ai.preceptor.lm.weights.gguf;

import org.jspecify.annotations.NullMarked;
