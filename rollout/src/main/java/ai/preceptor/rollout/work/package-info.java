/**
 * Offline stages on workers.
 *
 * <p><b>Takes</b> the encoded chunks of a stage's rows and what workers are told ({@link
 * ai.preceptor.rollout.worker.WorkerTerms}). <b>Gives</b> their results in order ({@link
 * ai.preceptor.rollout.work.WorkerChunks}). <b>Leaves to others</b>: what is computed ({@link
 * ai.preceptor.rollout.actor.ChunkWork}, made by a worker's {@link ai.preceptor.rollout.worker.WorkerHost}), and what rows
 * and results look like as bytes.
 */
@NullMarked
package ai.preceptor.rollout.work;

import org.jspecify.annotations.NullMarked;
