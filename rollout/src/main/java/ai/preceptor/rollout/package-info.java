/**
 * Actors that generate and score while a learner learns.
 *
 * <p><b>Takes</b> prompts ({@link ai.preceptor.rollout.PromptSource}), an engine that samples ({@link
 * ai.preceptor.rollout.GenerationEngine}), a scorer, and a plan ({@link ai.preceptor.rollout.RolloutPlan}).
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
 * <p>The {@code RolloutCoordinator} decides, on one event loop; the actors work, each on a worker thread of its own, and get one
 * request at a time over the event bus. {@code FlowControl} holds the rules of what may begin: credits, the buffer's bound, and
 * how old answers may grow. {@code RetryQueue} holds what happens to a request that fails, {@code ActorPool} what happens to an actor
 * that hangs or only throws. There may be several generators, see {@link ai.preceptor.rollout.RolloutsBuilder#engines}. What
 * messages look like outside the process is in {@code WireFormat}.
 *
 * <p>Generators and scorers may also be in other processes ({@link ai.preceptor.rollout.WorkerNode}), which connect to the learner's
 * ({@code LearnerPort}) by TLS with a key made from a secret that both have ({@code ClusterTls}). The {@code WorkerRegistry} takes
 * them on, gives them weights and notices when they die. To a pool such an actor is one that came by itself and is reached by
 * another {@code ActorRef}. What a {@code Connection} reads and writes is encoded and encrypted on threads of its own: event loops decide
 * and pass on, and compute nothing.
 */
@NullMarked
package ai.preceptor.rollout;

import org.jspecify.annotations.NullMarked;
