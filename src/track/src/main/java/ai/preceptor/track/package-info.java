/**
 * Reports a run to experiment trackers while it trains.
 *
 * <p>Takes: the lines of {@code metrics.jsonl} and {@code samples.jsonl} of a run directory, as they are written. Gives: the
 * interface {@link ai.preceptor.track.Tracker}, and a thread for each tracker that reads those files, retries, and keeps what
 * was delivered in {@code trackers/NAME.json}. Leaves to others: how a tracker is spoken to (the packages below).
 */
@NullMarked
package ai.preceptor.track;

import org.jspecify.annotations.NullMarked;
