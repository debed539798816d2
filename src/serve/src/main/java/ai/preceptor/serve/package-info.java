/**
 * A model behind an HTTP API that OpenAI's clients speak.
 *
 * <p>Takes: a language model with its tokenizer, and requests over HTTP. Gives: chat completions and completions, whole or
 * streamed, from one engine that decodes all of them together; a list of models; meters; errors in OpenAI's form. Leaves to
 * others: what a body asks for ({@code serve.request}), how tokens are chosen ({@code lm.generate}), reading configuration ({@code cli.keys}).
 */
@NullMarked
package ai.preceptor.serve;

import org.jspecify.annotations.NullMarked;
