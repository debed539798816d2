package ai.preceptor.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The calling thread and workers that do parts of a job together. Between {@link #start} and {@link #stop} the workers wait for jobs
 * without giving up their cores, because a decode step has hundreds of jobs of microseconds; otherwise they sleep.
 *
 * <p>One thread calls. Not to be used while libtorch's own threads compute: both would wait for cores that the other holds.
 */
public final class Team implements AutoCloseable {
    /** Looks for a job so often before it lets another thread have the core. */
    private static final int SPINS = 20_000;

    private final List<Worker> workers = new ArrayList<>();
    private volatile @Nullable Job job;
    private volatile int asked;
    private volatile boolean started;
    private volatile boolean closed;

    /** A job in parts. */
    @FunctionalInterface
    public interface Job {
        /**
         * Does one part.
         *
         * @param part from 0 to {@code parts - 1}
         */
        void run(int part, int parts);
    }

    /** @param threads how many, the caller among them, 1 or more */
    public Team(int threads) {
        for (int part = 1; part < threads; part++) {
            Worker worker = new Worker(part);
            workers.add(worker);
            worker.start();
        }
    }

    /** Threads, the caller among them. */
    public int size() {
        return workers.size() + 1;
    }

    /** Jobs follow soon. */
    public void start() {
        started = true;
        workers.forEach(LockSupport::unpark);
    }

    /** No job follows soon. */
    public void stop() {
        started = false;
    }

    /**
     * Has every thread do its part, and waits for all.
     *
     * @throws RuntimeException what a part threw; the caller's own first
     */
    public void run(Job todo) {
        if (workers.isEmpty()) {
            todo.run(0, 1);
            return;
        }
        job = todo;
        asked = asked + 1; // only the caller writes it
        Throwable failure = null;
        try {
            todo.run(0, size());
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        for (Worker worker : workers) {
            Throwable other = worker.await(asked);
            failure = failure == null ? other : failure;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    @Override
    public void close() {
        closed = true;
        workers.forEach(LockSupport::unpark);
    }

    private final class Worker extends Thread {
        private final int part;
        private volatile int done;
        private volatile @Nullable Throwable failure;

        Worker(int part) {
            super("decode-" + part);
            this.part = part;
            setDaemon(true);
        }

        @Override
        public void run() {
            int seen = 0;
            while (!closed) {
                if (asked == seen) {
                    idle(seen);
                } else {
                    work();
                    seen++;
                    done = seen;
                }
            }
        }

        private void work() {
            Job todo = job;
            try {
                if (todo != null) {
                    todo.run(part, size());
                }
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }

        private void idle(int seen) {
            if (!started) {
                LockSupport.park(Team.this);
            }
            for (int i = 0; i < SPINS && asked == seen && started; i++) {
                Thread.onSpinWait();
            }
            if (asked == seen && started) {
                Thread.yield();
            }
        }

        /** Waits until it has done so many jobs. @return what the last one threw */
        private @Nullable Throwable await(int jobs) {
            int spins = 0;
            while (done != jobs) {
                Thread.onSpinWait();
                spins++;
                if (spins % SPINS == 0) {
                    LockSupport.unpark(this);
                    Thread.yield();
                }
            }
            Throwable thrown = failure;
            failure = null;
            return thrown;
        }
    }
}
