/**
 * Making prompts with a teacher: Self-Instruct, Evol-Instruct, from attributes, and by an empty user turn.
 *
 * <p><b>Takes</b> seeds or attributes, and a model that is asked in words. <b>Gives</b> new prompts, each with how it was
 * made, and an account of those that were left out. <b>Leaves to others</b>: asking ({@code teacher.chat}), answering the
 * prompts ({@code teacher.elicit}), sifting files ({@code teacher.curate}).
 *
 * <p>A {@link ai.preceptor.teacher.prompts.PromptMethod} asks and offers what comes to a {@link
 * ai.preceptor.teacher.prompts.PromptPool}, which keeps what is new; {@link ai.preceptor.teacher.prompts.PromptGeneration}
 * runs one until there are enough. What a run asks depends on its seed and on earlier replies alone, so that one whose replies
 * are in a ledger goes on where it was.
 */
@NullMarked
package ai.preceptor.teacher.prompts;

import org.jspecify.annotations.NullMarked;
