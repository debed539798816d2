/**
 * Language models that are asked in words, on this machine or behind a server.
 *
 * <p><b>Takes</b> conversations, made of templates ({@link ai.preceptor.teacher.chat.PromptTemplate}). <b>Gives</b> replies, or
 * how likely single words are to begin one. <b>Leaves to others</b>: what is asked and what a reply means ({@code
 * teacher.judge}, {@code teacher.elicit}), servers ({@code teacher.served}), and keeping what was answered ({@code
 * teacher.ledger}).
 */
@NullMarked
package ai.preceptor.teacher.chat;

import org.jspecify.annotations.NullMarked;
