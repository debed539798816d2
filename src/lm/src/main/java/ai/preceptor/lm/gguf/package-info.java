/**
 * GGUF files, the format of llama.cpp: metadata and where tensors lie, and the Hugging Face documents that follow from
 * the metadata ({@code config.json}, {@code tokenizer.json}, chat template), so that nothing above knows the format.
 *
 * <p><b>Takes</b> a path. <b>Gives</b> checked metadata, raw tensor bytes and JSON trees. <b>Leaves</b> the numbers in
 * quantized blocks to {@code lm.weights.gguf} and the meaning of a configuration to {@code lm.config}. Every count,
 * length and offset is checked against the file's size before anything is allocated.
 *
 * <p>Source of the layout: the specification in ggml's {@code docs/gguf.md}.
 */
@NullMarked
package ai.preceptor.lm.gguf;

import org.jspecify.annotations.NullMarked;
