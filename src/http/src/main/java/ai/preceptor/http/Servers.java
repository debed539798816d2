package ai.preceptor.http;

import ai.preceptor.data.ConfigurationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and stops HTTP servers, and waits until that is done. */
public final class Servers {
    private static final Logger LOG = LoggerFactory.getLogger(Servers.class);
    private static final long TIMEOUT_SECONDS = 20;

    private Servers() {}

    /**
     * Has a server listen.
     *
     * @param key that asked for the port, for messages
     * @param port 1 to 65535, or 0 for any that is free
     * @return where it listens
     * @throws ConfigurationException when the port is taken or not allowed
     */
    public static int listen(HttpServer server, String key, String host, int port) {
        try {
            await(server.listen(port, host));
            return server.actualPort();
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ConfigurationException(
                    key + ": cannot listen on " + host + ":" + port + ": " + cause.getMessage()
                            + "; choose another, or 0 for any free port",
                    e);
        }
    }

    /** Closes a Vert.x with its servers; that it cannot be is logged. */
    public static void close(Vertx vertx, String address) {
        try {
            await(vertx.close());
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} could not be closed", address, e);
        }
    }

    /** Also on an interrupted thread, which stays so: who closes a server frees next what its requests use. */
    private static void await(Future<?> future) throws ExecutionException, TimeoutException {
        CompletableFuture<?> done = future.toCompletionStage().toCompletableFuture();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    done.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
