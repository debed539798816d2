package ai.preceptor.lm.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs parts of one task in parallel, each with an equal share of the processor's threads. Two parts with half of the
 * threads each are done sooner than one after the other with all of them: an operation on more threads waits for its slowest.
 */
public final class ShardExecutor implements AutoCloseable {
    private final int threads;
    private final ExecutorService pool = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "preceptor-shard");
        thread.setDaemon(true);
        return thread;
    });

    /** @param threads of an operation that runs alone; 1 without parallel parts */
    ShardExecutor(int threads) {
        this.threads = threads;
    }

    /** How many parts may run in parallel: 1 on an accelerator. */
    public int most() {
        return threads;
    }

    /**
     * Runs {@code part} for 0, 1, .. in parallel and waits for all.
     *
     * @param parts how many; divides {@link #most}
     * @param part may use tensors of this device
     * @throws RuntimeException what the first part that failed threw, once all have ended
     */
    public void run(int parts, IntConsumer part) {
        List<Future<?>> running = new ArrayList<>();
        Throwable failure = null;
        for (int i = 0; i < parts && failure == null; i++) {
            int own = i;
            try {
                running.add(pool.submit(() -> {
                    Torch.bind(threads / parts);
                    part.accept(own);
                }));
            } catch (RuntimeException | Error e) { // no thread for it; those that run are waited for
                failure = e;
            }
        }
        for (Future<?> one : running) {
            Throwable failed = join(one);
            failure = failure == null ? failed : failure;
        }
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Waits through interrupts, which it passes on: tensors that a part uses may not be freed under it. */
    private static @Nullable Throwable join(Future<?> one) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    one.get();
                    return null;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return e.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
