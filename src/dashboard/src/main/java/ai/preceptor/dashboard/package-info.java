/**
 * A page that shows runs while they are written, over HTTP.
 *
 * <p>Takes: the runs of {@link ai.preceptor.dashboard.run}, requests of browsers on this machine. Gives: pages and their
 * assets from the class path, JSON, one stream of events a client. Files are read on worker threads. What files say is sent as
 * data and shown as text. Another page adds itself as {@link ai.preceptor.dashboard.PageRoutes}. Leaves to others: reading
 * files, and starting the server.
 */
@NullMarked
package ai.preceptor.dashboard;

import org.jspecify.annotations.NullMarked;
