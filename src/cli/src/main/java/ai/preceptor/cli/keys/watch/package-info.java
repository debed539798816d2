/**
 * Keys of how a command is watched: by trackers, and by what collects its meters.
 *
 * <p>Takes: what was written. Gives: records of it, and the interfaces of configurations that have them. Leaves to others: trackers
 * and meters.
 */
@NullMarked
package ai.preceptor.cli.keys.watch;

import org.jspecify.annotations.NullMarked;
