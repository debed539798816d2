package ai.preceptor.serve;

import ai.preceptor.serve.request.ApiException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Counts accepted requests that are not answered yet, from when a request has arrived completely until its answer is
 * written. Safe to use from several threads.
 */
final class Admissions {
    private final int capacity;
    private final Object monitor = new Object();
    private int open;
    private int unanswered;
    private boolean closed;

    /** @param capacity requests that may be open at a time */
    Admissions(int capacity) {
        this.capacity = capacity;
    }

    /** An accepted request. Ends once; later reports are ignored. */
    final class Admission {
        private boolean over;

        private Admission() {}

        /** Its answer, or its error, is being written; it ends when that is written or cannot be. */
        void told(Future<Void> written) {
            written.onComplete(done -> end(true));
        }

        /** Its error, that the server stops, is being written. */
        void toldOfShutdown(Future<Void> written) {
            written.onComplete(done -> end(false));
        }

        /** Its client has gone. */
        void gone() {
            end(true);
        }

        private void end(boolean answered) {
            synchronized (monitor) {
                if (!over) {
                    over = true;
                    open--;
                    unanswered += answered ? 0 : 1;
                    monitor.notifyAll();
                }
            }
        }
    }

    /**
     * Takes a request.
     *
     * @throws ApiException if there is no room for it, or no more are taken
     */
    Admission admit() {
        synchronized (monitor) {
            requireOpen();
            if (open >= capacity) {
                throw ApiException.queueFull("the queue is full: " + open + " requests are not answered yet");
            }
            open++;
            return new Admission();
        }
    }

    /** @throws ApiException if no more are taken */
    void requireOpen() {
        if (isClosed()) {
            throw ApiException.shuttingDown();
        }
    }

    /** Takes no more. */
    void close() {
        synchronized (monitor) {
            closed = true;
        }
    }

    boolean isClosed() {
        synchronized (monitor) {
            return closed;
        }
    }

    /** Requests that are not answered yet. */
    int open() {
        synchronized (monitor) {
            return open;
        }
    }

    /** Requests without an answer because the server stopped: those that got that error, and those still open. */
    int unanswered() {
        synchronized (monitor) {
            return unanswered + open;
        }
    }

    /** Waits until none is open. @return whether that happened in time */
    boolean awaitNone(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (monitor) {
            for (long left = end - System.nanoTime(); open > 0 && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(monitor, left);
            }
            return open == 0;
        }
    }
}
