package ai.preceptor.rollout;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets one thread interrupt a call that another one is in, and nothing else that the other one does later. */
final class CallGuard {
    private static final Logger LOG = LoggerFactory.getLogger(CallGuard.class);

    private Runnable alsoOnInterrupt = () -> {};
    private @Nullable Thread inside;
    private boolean interrupted;
    private boolean shut;

    /** Sets what else makes a call end, for calls that do not notice interrupts. */
    synchronized void alsoOnInterrupt(Runnable action) {
        alsoOnInterrupt = action;
    }

    /**
     * The current thread begins a call.
     *
     * @return to be closed by the same thread at the end of the call
     * @throws CancellationException if {@link #shut} was called
     */
    synchronized Call enter() {
        if (shut) {
            throw new CancellationException("closed before this request began");
        }
        inside = Thread.currentThread();
        interrupted = false;
        return this::leave;
    }

    /** Interrupts the call that runs, if one does. */
    synchronized void interrupt() {
        Thread thread = inside;
        if (thread != null) {
            interrupted = true;
            thread.interrupt();
            try {
                alsoOnInterrupt.run();
            } catch (RuntimeException e) {
                LOG.warn("{} could not be told to stop, except by an interrupt", thread.getName(), e);
            }
        }
    }

    /** Interrupts the call that runs, and lets no other one begin. */
    synchronized void shut() {
        shut = true;
        interrupt();
    }

    /** True while a call runs. */
    synchronized boolean isInside() {
        return inside != null;
    }

    private synchronized void leave() {
        inside = null;
        if (interrupted) {
            // Ours, and the call it was meant for is over.
            Thread.interrupted();
        }
    }

    /** A call in progress. */
    interface Call extends AutoCloseable {
        @Override
        void close();
    }
}
