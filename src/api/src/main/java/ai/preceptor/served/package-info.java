/**
 * Answers of students that servers sample.
 *
 * <p><b>Takes</b> a model's tokenizer and chat template, and servers ({@link ai.preceptor.vllm.VllmSettings}). <b>Gives</b>
 * answers as a student of this process gives them. <b>Leaves to others</b>: rollouts of {@code policy} and online
 * preferences ({@code ai.preceptor.run}), and calls ({@code ai.preceptor.vllm}).
 */
@NullMarked
package ai.preceptor.served;

import org.jspecify.annotations.NullMarked;
