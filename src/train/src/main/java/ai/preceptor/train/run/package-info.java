/**
 * A run on disk: the directory that a stage writes, its lock, its logs of steps, its checkpoints.
 *
 * <p>Takes what the loop has done; gives files that survive a kill at any moment, a full disk and a second process,
 * and the place to resume from. Every file that must be whole is written to a temporary name, forced to the disk and
 * renamed. Leaves
 * the contents of model and optimizer files to those who own them.
 */
@NullMarked
package ai.preceptor.train.run;

import org.jspecify.annotations.NullMarked;
