/**
 * Students whose weights a training service has.
 *
 * <p><b>Takes</b> a model's configuration, tokenizer and chat template, and a service ({@link ai.preceptor.tinker.TinkerSettings}).
 * <b>Gives</b> a student that learns as one of this process does, by objectives that read token log-probabilities. <b>Leaves to
 * others</b>: calls of the service ({@code ai.preceptor.tinker}), objectives and the loop.
 */
@NullMarked
package ai.preceptor.remote;

import org.jspecify.annotations.NullMarked;
