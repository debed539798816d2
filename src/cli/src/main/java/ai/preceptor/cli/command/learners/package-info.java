/**
 * Starting several learners, and joining them.
 *
 * <p><b>Takes</b> {@code keys.learners} and the run directory. <b>Gives</b> the processes of the other learners and the
 * {@link ai.preceptor.lm.collective.Collective} of this one. <b>Leaves to others</b>: what they learn.
 */
@NullMarked
package ai.preceptor.cli.command.learners;

import org.jspecify.annotations.NullMarked;
