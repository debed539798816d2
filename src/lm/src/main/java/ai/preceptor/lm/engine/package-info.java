/**
 * The engine that generates, with a key-value cache.
 *
 * <p><b>Takes</b> a model and {@link ai.preceptor.lm.generate.GenerationRequest}s. <b>Gives</b> completions with the
 * log-probability of every token: all at once ({@link ai.preceptor.lm.engine.Generator}), or token by token while requests come
 * and go ({@link ai.preceptor.lm.engine.EngineSession}). <b>Leaves to others</b>: templates and tokenizing ({@code lm.text}),
 * scoring of texts that exist ({@code lm}), and when to generate ({@code rollout}).
 *
 * <p>Inside, a {@code DecodeEngine} decodes all running samples a token at a time: a sample that ends leaves and the next
 * waiting one enters, whatever prompt it belongs to. Prompts are prefilled once, packed; their keys and values lie in blocks of
 * a {@code KvStore}, which the samples of a prompt share.
 */
@NullMarked
package ai.preceptor.lm.engine;

import org.jspecify.annotations.NullMarked;
