/**
 * What every HTTP server of this program needs.
 *
 * <p>Takes: servers of Vert.x, and the header Host of requests. Gives: a server that listens or an error that names the key of
 * its port, its end, and whether a request was meant for this machine. Leaves to others: routes, keys, and what is answered.
 */
@NullMarked
package ai.preceptor.http;

import org.jspecify.annotations.NullMarked;
