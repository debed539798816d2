/**
 * Answers of several turns: the model calls tools and goes on with what they return.
 *
 * <p><b>Takes</b> tools ({@link ai.preceptor.data.tool.Tool}), a model's encoder and its turns as token ids. <b>Gives</b>
 * completions whose tokens are the sampled ones, never encoded again, with those of tools between them ({@link
 * ai.preceptor.lm.tool.ToolLoop}). <b>Leaves to others</b>: sampling ({@code lm.engine}), and learning from the sampled
 * tokens alone ({@code policy}).
 *
 * <p>What a tool returns is untrusted: it is bounded, encoded as plain text, and never read as a call.
 */
@NullMarked
package ai.preceptor.lm.tool;

import org.jspecify.annotations.NullMarked;
