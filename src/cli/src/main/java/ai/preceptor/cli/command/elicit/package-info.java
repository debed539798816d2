/**
 * The command {@code elicit}: one job per kind.
 *
 * <p><b>Takes</b> the command's keys. <b>Gives</b> rows to train on, in files of the run directory. <b>Leaves to others</b>:
 * what is asked and what becomes of it ({@code teacher.elicit}), the run directory ({@link ai.preceptor.cli.command.StageRun}),
 * and the teacher ({@link ai.preceptor.cli.command.TeacherRun}).
 */
@NullMarked
package ai.preceptor.cli.command.elicit;

import org.jspecify.annotations.NullMarked;
