/**
 * A teacher's own answers as demonstrations: what stands before a prompt, how a reply is read, which replies become rows.
 *
 * <p><b>Takes</b> prompts and an {@link ai.preceptor.teacher.elicit.AnswerSampler}. <b>Gives</b> rows with an account of every
 * answer. <b>Leaves to others</b>: asking ({@code teacher.chat}, {@code lm.generate}), learning ({@code distill}).
 */
@NullMarked
package ai.preceptor.teacher.demonstration;

import org.jspecify.annotations.NullMarked;
