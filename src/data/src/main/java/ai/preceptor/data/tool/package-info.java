/**
 * Tools that a model may call while it answers.
 *
 * <p><b>Takes</b> nothing. <b>Gives</b> the interface of a tool ({@link ai.preceptor.data.tool.Tool}), and what an answer
 * keeps of its calls ({@link ai.preceptor.data.tool.ToolTurns}). <b>Leaves to others</b>: reading calls, running tools and
 * going on with the answer ({@code lm.tool}).
 */
@NullMarked
package ai.preceptor.data.tool;

import org.jspecify.annotations.NullMarked;
