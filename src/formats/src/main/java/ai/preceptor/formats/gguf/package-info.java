/**
 * GGUF files, the format of llama.cpp: metadata, and quantized blocks as float32, under the names and in the row order of a
 * Hugging Face checkpoint, so that nothing above knows the format.
 *
 * <p><b>Takes</b> a path. <b>Gives</b> checked metadata and a {@link ai.preceptor.formats.weights.TensorSource}. <b>Leaves</b>
 * what follows from the metadata to {@code gguf.document}. Every count, length and offset is checked against the file's size
 * before anything is allocated; blocks are decoded a few rows at a time, when asked for.
 *
 * <p>Source of the layout: the specification in ggml's {@code docs/gguf.md}.
 */
@NullMarked
package ai.preceptor.formats.gguf;

import org.jspecify.annotations.NullMarked;
