/**
 * What the parts of a run say to each other.
 *
 * <p><b>Takes</b> prompts, completions and scores of {@code data}. <b>Gives</b> every request and its answer ({@link
 * ai.preceptor.rollout.message.ActorMessage}), how it came out ({@link ai.preceptor.rollout.message.Outcome}, {@link
 * ai.preceptor.rollout.message.Failure}), and a wait for it outside Vert.x ({@link ai.preceptor.rollout.message.Awaited}).
 * All but the last are immutable values. <b>Leaves to others</b>: delivering them within a process ({@code actor}) and
 * between processes ({@code wire}).
 */
@NullMarked
package ai.preceptor.rollout.message;

import org.jspecify.annotations.NullMarked;
