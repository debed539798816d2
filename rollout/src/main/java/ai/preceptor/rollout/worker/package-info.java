/**
 * Processes that generate and score for a learner in another.
 *
 * <p><b>Takes</b> what a learner offers ({@link ai.preceptor.rollout.worker.WorkerTerms}) and what a worker works with
 * ({@link ai.preceptor.rollout.worker.WorkerHost}). <b>Gives</b> both sides: {@link
 * ai.preceptor.rollout.worker.WorkerNode} is the worker; {@link ai.preceptor.rollout.worker.WorkerRegistry} is the
 * learner's, which admits workers to its actor pools, sends them weights, and removes them when they die. <b>Leaves to
 * others</b>: what to do with a worker ({@code rollout}), and how messages and connections look ({@code wire}, {@code
 * cluster}).
 */
@NullMarked
package ai.preceptor.rollout.worker;

import org.jspecify.annotations.NullMarked;
