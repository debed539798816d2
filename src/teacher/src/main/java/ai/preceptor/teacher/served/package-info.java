/**
 * Teachers behind an OpenAI-compatible server.
 *
 * <p><b>Takes</b> a server's address, limits and prices, and token ids to score. <b>Gives</b> log-probabilities of tokens ({@link
 * ai.preceptor.teacher.served.ServedTokenScorer}). <b>Leaves to others</b>: what is asked in words ({@code teacher.judge}, {@code
 * teacher.elicit}), and calls of the server ({@code teacher.served.client}).
 */
@NullMarked
package ai.preceptor.teacher.served;

import org.jspecify.annotations.NullMarked;
