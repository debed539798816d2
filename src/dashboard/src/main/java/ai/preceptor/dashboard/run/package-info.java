/**
 * Runs as they lie on disk, read while other processes write them.
 *
 * <p>Takes: a directory in which run directories lie, at any depth. Gives: a row for each run with state, progress and last
 * metrics; its curves, at a bounded number of points; its samples, page by page; its configuration and summary; and the one
 * thing that is written, requests to save or stop. Files may grow, shrink, vanish or end in half a line at any moment;
 * symbolic links are not followed; what is read of a file is bounded. Leaves to others: threads (everything here blocks) and
 * the network.
 */
@NullMarked
package ai.preceptor.dashboard.run;

import org.jspecify.annotations.NullMarked;
