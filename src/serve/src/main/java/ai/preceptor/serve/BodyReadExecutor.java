package ai.preceptor.serve;

import ai.preceptor.serve.request.ApiException;
import ai.preceptor.serve.request.ApiRequest;
import ai.preceptor.serve.request.BodyReader;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads bodies on two threads of its own: one for short bodies and one for long ones, each in order of arrival. A short
 * one waits for short ones only, regardless of the number of long ones; long ones together take one processor.
 */
final class BodyReadExecutor implements AutoCloseable {
    /** Bytes of a short body, at most. */
    static final int SHORT = 64 << 10;

    private final BodyReader reader;
    private final long mostWaiting;
    private final ThreadPoolExecutor shortOnes = thread("reader-short");
    private final ThreadPoolExecutor longOnes = thread("reader-long");
    private final AtomicLong waiting = new AtomicLong();

    /** @param mostWaiting bytes of long bodies that may wait */
    BodyReadExecutor(BodyReader reader, long mostWaiting) {
        this.reader = reader;
        this.mostWaiting = mostWaiting;
    }

    /** Hears how a body was understood; on the thread that read it, and not after it was dropped. */
    interface Listener {
        void read(ApiRequest request);

        void failed(Throwable failure);
    }

    private static ThreadPoolExecutor thread(String name) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Has a body read.
     *
     * @throws ApiException if too many long ones wait
     */
    Reading submit(BodyReader.Kind kind, byte[] body, Listener listener) {
        boolean isShort = body.length <= SHORT;
        int counted = isShort ? 0 : body.length;
        if (waiting.addAndGet(counted) > mostWaiting && counted > 0) {
            waiting.addAndGet(-counted);
            throw ApiException.bodiesFull("body: expected at most " + mostWaiting
                    + " bytes of long bodies that wait to be read, found " + body.length + " more");
        }
        Reading reading = new Reading(isShort ? shortOnes : longOnes, kind, body, listener, counted);
        reading.thread.execute(reading);
        return reading;
    }

    /** Takes no more, and does not wait for what is being read. */
    @Override
    public void close() {
        shortOnes.shutdownNow();
        longOnes.shutdownNow();
    }

    /** One that waits or is being read. */
    final class Reading implements Runnable {
        private final ThreadPoolExecutor thread;
        private final BodyReader.Kind kind;
        private final byte[] body;
        private final Listener listener;
        private final int counted;
        private volatile boolean dropped;

        private Reading(ThreadPoolExecutor thread, BodyReader.Kind kind, byte[] body, Listener listener, int counted) {
            this.thread = thread;
            this.kind = kind;
            this.body = body;
            this.listener = listener;
            this.counted = counted;
        }

        @Override
        public void run() {
            waiting.addAndGet(-counted);
            try {
                requireWanted();
                ApiRequest request = reader.read(kind, body, this::requireWanted);
                requireWanted();
                listener.read(request);
            } catch (RuntimeException | Error e) {
                if (!dropped) {
                    listener.failed(e);
                }
            }
        }

        private void requireWanted() {
            if (dropped) {
                throw new CancellationException("no client waits for this body any more");
            }
        }

        /** Nobody waits for it any more: it is not begun, or ends after the part of the work that it is in. */
        void drop() {
            dropped = true;
            if (thread.remove(this)) {
                waiting.addAndGet(-counted);
            }
        }
    }
}
