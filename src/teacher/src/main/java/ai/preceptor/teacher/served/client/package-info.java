/**
 * The client of an OpenAI-compatible server: limits, retries, and what calls cost.
 *
 * <p><b>Takes</b> chat requests and a server's address. <b>Gives</b> replies, each paid for once. <b>Leaves to others</b>:
 * what is asked and what a reply means ({@code teacher.served}), single HTTP calls ({@code teacher.served.http}), and
 * keeping what was paid for ({@code teacher.ledger}).
 *
 * <pre>
 *   ServedTeacher ---> CachingClient ---> CallQueue ------> CallEndpoint ---> the server
 *   blocks a caller    asks once only     waits its turn    one HTTP call
 *                      (ledger, CallBudget)   (RateLimiter: limits, rests, CircuitBreaker)
 * </pre>
 *
 * <p>All state of a client is on one event loop; only the ledger is read and written on another thread, where clients of
 * the same ledger also learn of each other's calls in flight.
 */
@NullMarked
package ai.preceptor.teacher.served.client;

import org.jspecify.annotations.NullMarked;
