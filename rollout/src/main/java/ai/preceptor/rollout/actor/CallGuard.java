package ai.preceptor.rollout.actor;

import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets one thread interrupt a call that another one is in, and nothing else that the other one does later. */
public final class CallGuard {
    private static final Logger LOG = LoggerFactory.getLogger(CallGuard.class);

    private Runnable alsoOnInterrupt = () -> {};
    private Supplier<OptionalLong> counter = OptionalLong::empty;
    private @Nullable Thread inside;
    private long calls;
    private boolean interrupted;
    private boolean shut;

    /** Sets what else makes a call end, for calls that do not notice interrupts. */
    synchronized void alsoOnInterrupt(Runnable action) {
        alsoOnInterrupt = action;
    }

    /** Sets what tells how far the call that runs has come. */
    synchronized void counting(Supplier<OptionalLong> steps) {
        counter = steps;
    }

    /** A number that changes as long as calls get on; empty while none runs, or where the one that runs does not tell. */
    OptionalLong steps() {
        Supplier<OptionalLong> own;
        long before;
        synchronized (this) {
            if (inside == null) {
                return OptionalLong.empty();
            }
            own = counter;
            before = calls;
        }
        OptionalLong made = own.get();
        return made.isEmpty() ? made : OptionalLong.of(before + made.getAsLong());
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
        calls++;
        return this::leave;
    }

    /** Interrupts the call that runs, if one does. */
    public synchronized void interrupt() {
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
    public synchronized void shut() {
        shut = true;
        interrupt();
    }

    /** True while a call runs. */
    public synchronized boolean isInside() {
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
    public interface Call extends AutoCloseable {
        @Override
        void close();
    }
}
