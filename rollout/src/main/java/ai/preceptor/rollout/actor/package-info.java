/**
 * Actors that do the work, and what keeps them at it.
 *
 * <p><b>Takes</b> what an actor works with: a {@link ai.preceptor.rollout.actor.GenerationEngine}, a scorer, a {@link
 * ai.preceptor.rollout.actor.PromptSource}. <b>Gives</b> actors on threads of their own, which get one request at a time
 * ({@link ai.preceptor.rollout.actor.ActorVerticle}); a pool that replaces those that hang ({@link
 * ai.preceptor.rollout.actor.ActorPool}); a queue that retries requests that fail ({@link
 * ai.preceptor.rollout.actor.RetryQueue}); and their meters. <b>Leaves to others</b>: which request may begin when ({@code
 * rollout}), and actors of other processes, which are only another {@link ai.preceptor.rollout.actor.ActorRef} here
 * ({@code worker}).
 */
@NullMarked
package ai.preceptor.rollout.actor;

import org.jspecify.annotations.NullMarked;
