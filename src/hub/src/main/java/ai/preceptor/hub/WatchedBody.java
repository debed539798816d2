package ai.preceptor.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A reply's body that is closed when a read has waited for too long, which ends the read. A request's own
 * timeout ends with the reply's headers.
 */
final class WatchedBody extends FilterInputStream {
    private final Duration silence;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> watch;
    private volatile long since;
    private volatile boolean waiting;
    private volatile boolean silent;

    WatchedBody(InputStream body, Duration silence) {
        super(body);
        this.silence = silence;
        this.timer = Executors.newSingleThreadScheduledExecutor(WatchedBody::daemon);
        long period = Math.max(TimeUnit.MILLISECONDS.toNanos(10), silence.toNanos() / 4);
        this.watch = timer.scheduleAtFixedRate(this::closeIfSilent, period, period, TimeUnit.NANOSECONDS);
    }

    private void closeIfSilent() {
        if (!waiting || System.nanoTime() - since <= silence.toNanos()) {
            return;
        }
        silent = true;
        try {
            in.close();
        } catch (IOException e) {
            throw new HubException("a silent connection cannot be closed", e);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "hub-watch");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** As the body itself; fails if it was closed for its silence. */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        since = System.nanoTime();
        waiting = true;
        int read;
        try {
            read = in.read(buffer, offset, length);
        } catch (IOException e) {
            throw silent ? new IOException(told(), e) : e;
        } finally {
            waiting = false;
        }
        if (silent) {
            throw new IOException(told());
        }
        return read;
    }

    private String told() {
        return "the server sent nothing for "
                + (silence.toMillis() % 1000 == 0 ? silence.toSeconds() + " s" : silence.toMillis() + " ms");
    }

    @Override
    public void close() throws IOException {
        watch.cancel(true);
        timer.shutdownNow();
        super.close();
    }
}
