package ai.preceptor.cli.command.workers;

/**
 * What a command computes for a chunk of its rows. The result depends on the arguments only, to the bit, so that it is the same
 * in every process. Used by one thread.
 *
 * @param <I> a chunk's rows
 * @param <O> what is computed for them
 */
@FunctionalInterface
public interface ChunkFunction<I, O> {
    /**
     * Computes a chunk.
     *
     * @param chunk its number, from 0
     * @throws ai.preceptor.lm.NotFiniteException if numbers for a row are not finite, with the place of the row in the chunk
     */
    O compute(long chunk, I input);
}
