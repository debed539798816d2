package ai.preceptor.lm.tool;

import java.util.ArrayDeque;
import java.util.Deque;

/** Lets threads in one at a time, in the order in which they came. */
final class CallQueue {
    /** The first is in. */
    private final Deque<Thread> threads = new ArrayDeque<>();

    /**
     * Waits until all that came before have left. Not for a thread that is in.
     *
     * @param stepped told whenever one of them leaves
     * @throws InterruptedException if the thread is interrupted while it waits; it is not in then
     */
    synchronized void enter(Runnable stepped) throws InterruptedException {
        Thread own = Thread.currentThread();
        threads.add(own);
        boolean in = false;
        try {
            while (!own.equals(threads.peek())) {
                wait();
                stepped.run();
            }
            in = true;
        } finally {
            if (!in) {
                leave();
            }
        }
    }

    /** Lets the next one in. */
    synchronized void leave() {
        threads.remove(Thread.currentThread());
        notifyAll();
    }
}
