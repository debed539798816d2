/**
 * Single HTTP calls of an OpenAI-compatible server.
 *
 * <p><b>Takes</b> an address, a key and bodies of requests. <b>Gives</b> what came back, however little, and what its JSON
 * says; the key is removed from every text. <b>Leaves to others</b>: what is asked, limits, retries and cost ({@code
 * teacher.served.client}).
 */
@NullMarked
package ai.preceptor.teacher.served.http;

import org.jspecify.annotations.NullMarked;
