/**
 * Corrections: a teacher criticizes an answer by a principle and revises it, and the revision is preferred to the answer.
 *
 * <p><b>Takes</b> prompts with a student's or the row's own answers, and a {@link ai.preceptor.teacher.chat.ChatModel}.
 * <b>Gives</b> pairs with an account of every answer. <b>Leaves to others</b>: sampling ({@code teacher.elicit}), learning
 * ({@code ranking}).
 */
@NullMarked
package ai.preceptor.teacher.correction;

import org.jspecify.annotations.NullMarked;
