/**
 * Text to token ids and back: the tokenizer of a model directory, its special tokens, and the encoder that turns
 * prompts and completions into the ids a model is trained on.
 *
 * <p><b>Takes</b> {@code tokenizer.json} and its companions, and {@code data} values. <b>Gives</b> ids that equal those
 * of transformers and TRL. <b>Leaves</b> templates to {@code jinja}, and lengths (what is too long, and what then) to
 * the caller: nothing is truncated here.
 */
@NullMarked
package ai.preceptor.lm.text;

import org.jspecify.annotations.NullMarked;
