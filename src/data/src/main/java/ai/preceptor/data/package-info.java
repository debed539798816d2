/**
 * Immutable values and the formats they are stored in.
 *
 * <p><b>Takes</b> rows of JSONL files.
 * <b>Gives</b> prompts, completions, preferences, ranked groups and trajectories, and the ports through which
 * modules meet: scorers and sources.
 * <b>Leaves to others</b>: anything with a tensor in it; this package never sees DJL.
 */
@NullMarked
package ai.preceptor.data;

import org.jspecify.annotations.NullMarked;
