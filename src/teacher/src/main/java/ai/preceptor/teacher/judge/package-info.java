/**
 * Language models that judge answers in words.
 *
 * <p><b>Takes</b> answers and comparisons, and a {@link ai.preceptor.teacher.chat.ChatModel} to ask. <b>Gives</b> scores and
 * verdicts; a reply that does not decide as asked is none. <b>Leaves to others</b>: asking ({@code teacher.chat}), taking a
 * position's advantage out and tournaments ({@code teacher}), what scores are used for ({@code teacher.elicit}, {@code
 * rollout}, {@code eval}).
 */
@NullMarked
package ai.preceptor.teacher.judge;

import org.jspecify.annotations.NullMarked;
