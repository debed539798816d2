/**
 * The names of {@code report_to}.
 *
 * <p>Takes: the environment. Gives: a {@link ai.preceptor.track.Tracker} for each name. Leaves to others: the trackers.
 */
@NullMarked
package ai.preceptor.track.type;

import org.jspecify.annotations.NullMarked;
