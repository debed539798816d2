package ai.preceptor.rollout.message;

import ai.preceptor.data.TeacherException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A blocking wait for a future, on a thread that is not one of Vert.x.
 *
 * @param result the future's result
 */
public record Awaited<T>(CompletableFuture<T> result) {
    private static final Logger LOG = LoggerFactory.getLogger(Awaited.class);

    /** Wraps a future of Vert.x. */
    public static <T> Awaited<T> of(Future<T> future) {
        return new Awaited<>(future.toCompletionStage().toCompletableFuture());
    }

    /**
     * Waits for the result.
     *
     * @throws RuntimeException the exception it failed with
     * @throws TeacherException if it failed with a checked exception, or on timeout
     * @throws CancellationException if the thread is interrupted
     */
    public T orThrow(Duration atMost) {
        try {
            return result.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new Failure(FailureKind.THREW, e.getCause() == null ? e : e.getCause()).unchecked();
        } catch (TimeoutException e) {
            throw new TeacherException("rollouts: no answer within " + atMost, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for rollouts");
        }
    }

    /**
     * Waits for the future to complete or fail; an interrupt does not shorten the wait.
     *
     * @return false on timeout
     */
    public boolean quietly(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    result.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return true;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    LOG.warn("while closing rollouts", e.getCause());
                    return true;
                } catch (TimeoutException e) {
                    return false;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
