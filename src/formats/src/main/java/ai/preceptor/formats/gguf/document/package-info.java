/**
 * The documents of a Hugging Face directory that follow from a GGUF file's metadata: {@code config.json}, {@code
 * generation_config.json}, {@code tokenizer.json}, {@code tokenizer_config.json} and the chat template.
 *
 * <p><b>Takes</b> an open file. <b>Gives</b> their text. <b>Leaves</b> the meaning of a configuration to {@code
 * formats.config}.
 */
@NullMarked
package ai.preceptor.formats.gguf.document;

import org.jspecify.annotations.NullMarked;
