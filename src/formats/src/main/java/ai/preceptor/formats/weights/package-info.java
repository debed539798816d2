/**
 * Tensors in files: safetensors, single or sharded, in and out.
 *
 * <p><b>Takes</b> paths and plain Java buffers. <b>Gives</b> read-only memory-mapped views of tensors, and files that
 * transformers, PEFT and vLLM load. <b>Leaves</b> devices and tensor libraries to {@code lm.torch}. Every offset, size
 * and shape of a file is checked before anything is mapped, so that a truncated or malicious file causes an error and takes no memory.
 */
@NullMarked
package ai.preceptor.formats.weights;

import org.jspecify.annotations.NullMarked;
