package ai.preceptor.cli.command.workers;

import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.train.Interrupt;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Who computes chunks of a command's rows: this process, or workers.
 *
 * @param <I> a chunk's rows
 * @param <O> what is computed for them
 */
@FunctionalInterface
public interface Chunks<I, O> {
    /**
     * Computes chunks.
     *
     * @param inputs read as chunks are begun, so not all of them are in memory
     * @param results given each result, in the order of the inputs, on the calling thread
     * @throws FailedRowException if a model's numbers for a row are not finite; all chunks before have been given
     */
    void run(Iterator<I> inputs, Consumer<O> results);

    /** This process computes, one chunk after the other on the calling thread. */
    static <I, O> Chunks<I, O> here(ChunkFunction<I, O> function) {
        return (inputs, results) -> {
            for (long chunk = 0; inputs.hasNext(); chunk++) {
                I input = inputs.next();
                O result;
                try {
                    result = function.compute(chunk, input);
                } catch (NotFiniteException e) {
                    throw new FailedRowException(e);
                }
                results.accept(result);
            }
        };
    }

    /** The same, which a request to stop ends with a {@link java.util.concurrent.CancellationException}. */
    default Chunks<I, O> stoppedBy(Interrupt interrupt) {
        return (inputs, results) -> new StoppableRun(interrupt).run(this, inputs, results);
    }
}
