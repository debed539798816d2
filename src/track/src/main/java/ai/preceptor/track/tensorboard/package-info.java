/**
 * Event files that TensorBoard reads.
 *
 * <p>Takes: lines and samples of a run. Gives: {@code tensorboard/events.out.tfevents.*} in its directory. Leaves to others:
 * reading the run's files, and when to try again.
 */
@NullMarked
package ai.preceptor.track.tensorboard;

import org.jspecify.annotations.NullMarked;
