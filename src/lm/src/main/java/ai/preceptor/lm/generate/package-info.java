/**
 * Generation with a key-value cache.
 *
 * <p><b>Takes</b> prompts as token ids and {@link ai.preceptor.lm.generate.SamplingOptions}. <b>Gives</b> completions with
 * the log-probability of every token, in the order of the prompts. <b>Leaves to others</b>: templates and tokenizing
 * ({@code lm.text}), scoring of texts that exist ({@code lm}), and when to generate ({@code rollout}).
 *
 * <p>Inside, a {@link ai.preceptor.lm.generate.DecodeEngine} keeps a fixed number of rows busy: a row that finishes leaves
 * and the next waiting sample takes its place, whatever prompt it belongs to. Prompts are prefilled once, packed without
 * padding, and their samples copy the keys and values.
 */
@NullMarked
package ai.preceptor.lm.generate;

import org.jspecify.annotations.NullMarked;
