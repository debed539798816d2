/**
 * Causal language models on DJL PyTorch.
 *
 * <p><b>Takes</b> a Hugging Face model directory and {@code data} values.
 * <b>Gives</b> logits, log-probabilities, completions with their token log-probabilities, and model directories
 * written back.
 * <b>Leaves to others</b>: losses and optimization ({@code train}), judging ({@code teacher}).
 */
@NullMarked
package ai.preceptor.lm;

import org.jspecify.annotations.NullMarked;
