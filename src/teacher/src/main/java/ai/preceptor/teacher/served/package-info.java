/**
 * Teachers behind an OpenAI-compatible server.
 *
 * <p><b>Takes</b> questions about answers, a server's address and the name of the variable that holds its key.
 * <b>Gives</b> verdicts ({@link ai.preceptor.teacher.served.ServedJudge}), scores ({@link
 * ai.preceptor.teacher.served.ServedScorer}) and answers ({@link ai.preceptor.teacher.served.ServedSampler}).
 * <b>Leaves to others</b>: what they are used for ({@code teacher.elicit}, {@code rollout}, {@code eval}), and keeping
 * what was paid for ({@code teacher.ledger}).
 *
 * <pre>
 *   ServedTeacher ---> CachingClient ---> CallQueue ------> ChatEndpoint ---> the server
 *   blocks a caller    asks once only     waits its turn    one HTTP call
 *                      (ledger, Budget)   (RateLimiter: limits, rests, CircuitBreaker)
 * </pre>
 *
 * <p>All state is on one event loop; only the ledger is read and written on another thread.
 */
@NullMarked
package ai.preceptor.teacher.served;

import org.jspecify.annotations.NullMarked;
