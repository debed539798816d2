/**
 * Teachers: who prefers what, and how they are asked.
 *
 * <p><b>Takes</b> prompts and candidate answers.
 * <b>Gives</b> scores and preferences, each traceable to the call that made it.
 * <b>Leaves to others</b>: learning from them ({@code reward}, {@code ranking}).
 */
@NullMarked
package ai.preceptor.teacher;

import org.jspecify.annotations.NullMarked;
