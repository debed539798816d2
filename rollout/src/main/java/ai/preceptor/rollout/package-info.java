/**
 * Rollouts: actors that generate and score while a learner learns.
 *
 * <p><b>Takes</b> prompts ({@link ai.preceptor.rollout.actor.PromptSource}), an engine that samples ({@link
 * ai.preceptor.rollout.actor.GenerationEngine}), a scorer, and a plan ({@link ai.preceptor.rollout.RolloutPlan}).
 * <b>Gives</b> trajectories ({@link ai.preceptor.rollout.VertxRollouts}), each with the version of the policy that made
 * it, from a bounded buffer, and meters of every part.
 * <b>Leaves to others</b>: computing advantages and stepping ({@code policy}), showing the meters ({@code cli}).
 *
 * <pre>
 *   PromptFeeder ---> GeneratorVerticle ---> ScorerVerticle ---> RolloutBuffer ---> VertxRollouts.next
 *      tokens          owns the device         one or more          in order            the learner
 *        ^                    ^                     ^                   |                    |
 *        +--------------------+-- RolloutCoordinator ---+-------------------+----- publish ------+
 * </pre>
 *
 * <p>The {@code RolloutCoordinator} decides, on one event loop; the actors work, each on a worker thread of its own, and get
 * one request at a time over the event bus. {@code FlowControl} holds the rules of what may begin: credits, the buffer's
 * bound, and how stale answers may become. There may be several generators, see {@link
 * ai.preceptor.rollout.RolloutSetup#engines}, also in other processes, see {@link
 * ai.preceptor.rollout.RolloutSetup#workers}.
 *
 * <p>Each package uses only those to the right of it:
 *
 * <pre>
 *   rollout --+
 *             +--> worker ---> wire ---> cluster
 *   work -----+      |           |
 *                    +--> actor -+--> message
 * </pre>
 *
 * <p>{@code work} has the same workers compute chunks of offline stages, without weights to send.
 *
 * <p>Whatever crosses a process boundary is encoded and encrypted on threads of its own: event loops decide and pass
 * on, and compute nothing.
 */
@NullMarked
package ai.preceptor.rollout;

import org.jspecify.annotations.NullMarked;
