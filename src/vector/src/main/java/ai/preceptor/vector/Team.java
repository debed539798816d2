package ai.preceptor.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The calling thread and workers that do the parts of a job together. Who is free takes the next part, so that a worker without a core, on
 * a busy machine, delays a job by no more than the part that it is in. A decode step has hundreds of jobs of microseconds, so a worker
 * looks for the next one for some tens of microseconds before it sleeps.
 *
 * <p>One thread calls.
 */
public final class Team implements AutoCloseable {
    /** Looks for a job so often before it sleeps. */
    private static final int SPINS = 2_000;

    /** Parts of a job for each thread: more cost more, fewer leave more of it to wait for. */
    private static final int PARTS = 4;

    private final List<Worker> workers = new ArrayList<>();
    /** Number of the job in the upper half, its next part in the lower. */
    private final AtomicLong ticket = new AtomicLong();

    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final int parts;
    private volatile @Nullable Job job;
    private volatile boolean closed;

    /** A job in parts. */
    @FunctionalInterface
    public interface Job {
        /**
         * Does one part.
         *
         * @param part from 0 to {@code parts - 1}
         * @param thread that does it, from 0 to {@link #size()} - 1; no other has this number at the same time
         */
        void run(int part, int parts, int thread);
    }

    /** @param threads how many, the caller among them, 1 or more */
    public Team(int threads) {
        this.parts = threads == 1 ? 1 : PARTS * threads;
        ticket.set(parts); // of job 0 nothing is left
        for (int thread = 1; thread < threads; thread++) {
            Worker worker = new Worker(thread);
            workers.add(worker);
            worker.start();
        }
    }

    /** Threads, the caller among them. */
    public int size() {
        return workers.size() + 1;
    }

    /**
     * Does a job, and returns when all of it is done.
     *
     * @throws RuntimeException what a part threw first
     */
    public void run(Job todo) {
        finished.set(0);
        job = todo;
        ticket.set(((ticket.get() >>> Integer.SIZE) + 1) << Integer.SIZE);
        for (Worker worker : workers) {
            worker.wake();
        }
        work(0);
        for (int spins = 1; finished.get() < parts; spins++) {
            Thread.onSpinWait();
            if (spins % SPINS == 0) {
                Thread.yield();
            }
        }
        job = null; // what it refers to can be freed
        Throwable thrown = failure.getAndSet(null);
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (RuntimeException) thrown;
        }
    }

    /** Does parts of the job until none is left. */
    private void work(int thread) {
        for (long next = ticket.get(); (int) next < parts; next = ticket.get()) {
            Job todo = job;
            // a part that nobody had taken is of a job that is not over, so of the one that was read
            if (ticket.compareAndSet(next, next + 1)) {
                try {
                    Objects.requireNonNull(todo).run((int) next, parts, thread);
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                }
                finished.incrementAndGet();
            }
        }
    }

    /** Whether each worker is in a state, for tests. */
    boolean areAll(Thread.State state) {
        return workers.stream().allMatch(worker -> worker.getState() == state);
    }

    @Override
    public void close() {
        closed = true;
        workers.forEach(LockSupport::unpark);
    }

    private final class Worker extends Thread {
        private final int number;
        private volatile boolean asleep;

        Worker(int number) {
            super("decode-" + number);
            this.number = number;
            setDaemon(true);
        }

        @Override
        public void run() {
            int idle = 0;
            while (!closed) {
                if ((int) ticket.get() < parts) {
                    work(number);
                    idle = 0;
                } else if (idle < SPINS) {
                    Thread.onSpinWait();
                    idle++;
                } else {
                    sleep();
                    idle = 0;
                }
            }
        }

        private void sleep() {
            asleep = true;
            if ((int) ticket.get() >= parts && !closed) {
                LockSupport.park(Team.this);
            }
            asleep = false;
        }

        void wake() {
            if (asleep) {
                LockSupport.unpark(this);
            }
        }
    }
}
