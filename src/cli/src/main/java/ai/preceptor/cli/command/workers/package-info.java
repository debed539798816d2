/**
 * Chunks of rows that a command computes in this process or has workers compute.
 *
 * <p>In: what to compute for a chunk ({@link ai.preceptor.cli.command.workers.ChunkFunction}). Out: its results in the order of the
 * chunks, which do not depend on who computed them.
 */
@NullMarked
package ai.preceptor.cli.command.workers;

import org.jspecify.annotations.NullMarked;
