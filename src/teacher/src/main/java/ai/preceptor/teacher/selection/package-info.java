/**
 * Which answers of a student are learnt from: selection of demonstrations by score, the second try with a hint, and pairs of
 * a row's own answer and the student's.
 *
 * <p><b>Takes</b> prompts with scored answers ({@code teacher.elicit}). <b>Gives</b> rows with an account of every answer.
 * <b>Leaves to others</b>: sampling and scoring ({@code teacher.elicit}), learning ({@code distill}, {@code ranking}).
 */
@NullMarked
package ai.preceptor.teacher.selection;

import org.jspecify.annotations.NullMarked;
