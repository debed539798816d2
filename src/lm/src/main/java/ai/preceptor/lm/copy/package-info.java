/**
 * Models rewritten file to file: in another element type, with an adapter merged, averaged with others, with fewer layers.
 *
 * <p><b>Takes</b> model directories, GGUF files and adapters. <b>Gives</b> {@code config.json} and safetensors.
 * <b>Leaves to others</b>: tokenizers and atomic directories ({@code api}), models in memory ({@code lm}).
 */
@NullMarked
package ai.preceptor.lm.copy;

import org.jspecify.annotations.NullMarked;
