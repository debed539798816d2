package ai.preceptor.cli.command.workers;

import ai.preceptor.Preceptor;
import ai.preceptor.rollout.actor.ChunkWork;
import java.util.Map;

/**
 * A stage whose chunks workers compute.
 *
 * @param <K> the keys that decide the results, all that workers are told; a record that {@code Settings} can read
 * @param <I> a chunk's rows
 * @param <O> what is computed for them
 */
public interface ChunkStage<K extends Record, I, O> {
    /** Its name: that of its command. */
    String name();

    /** The type of its keys. */
    Class<K> keys();

    /** How chunks and results are sent. */
    ChunkBytes<I, O> bytes();

    /** What tells the files that a process needs from others: models, and a user's own parts. */
    Map<String, String> digests(K keys);

    /**
     * Loads the models, in a worker, on the thread that computes.
     *
     * @param keys with the worker's own paths
     * @param preceptor the worker's device, bound to the thread
     */
    ChunkWork open(K keys, Preceptor preceptor);
}
