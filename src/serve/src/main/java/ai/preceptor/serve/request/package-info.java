/**
 * Bodies of requests in OpenAI's form.
 *
 * <p>Takes: the bytes of a body, and the model that is served. Gives: prompts as token ids, how tokens are chosen and how the
 * answer is written; or an error in OpenAI's form. Leaves to others: HTTP and the answer ({@code serve}).
 */
@NullMarked
package ai.preceptor.serve.request;

import org.jspecify.annotations.NullMarked;
