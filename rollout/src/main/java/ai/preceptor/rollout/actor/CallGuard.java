package ai.preceptor.rollout.actor;

import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a thread interrupt a call that runs on another thread, without affecting what that thread does after the call. */
public final class CallGuard {
    private static final Logger LOG = LoggerFactory.getLogger(CallGuard.class);

    private Runnable onInterrupt = () -> {};
    private Supplier<OptionalLong> counter = OptionalLong::empty;
    private @Nullable Thread inside;
    private long calls;
    private boolean interrupted;
    private boolean refused;
    private boolean shut;

    /** Sets an action to run on an interrupt, for calls that do not notice interrupts. */
    synchronized void onInterrupt(Runnable action) {
        onInterrupt = action;
    }

    /** Sets the counter of the running call's steps. */
    synchronized void countSteps(Supplier<OptionalLong> steps) {
        counter = steps;
    }

    /** A number that changes while calls make progress; empty while none runs, or if the running one does not count steps. */
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

    /** Ends an interrupt: what it was meant for has ended or was refused. */
    synchronized void reported() {
        refused = false;
    }

    /**
     * Begins a call on the current thread.
     *
     * @return to be closed by the same thread at the end of the call
     * @throws CancellationException if {@link #shut} was called, or {@link #interrupt} before its request arrived
     */
    synchronized Call enter() {
        if (shut || refused) {
            throw new CancellationException((shut ? "closed" : "interrupted") + " before this request began");
        }
        inside = Thread.currentThread();
        interrupted = false;
        calls++;
        return this::leave;
    }

    /** Interrupts the running call, or refuses the one whose request is still on its way. */
    public synchronized void interrupt() {
        Thread thread = inside;
        if (thread == null) {
            refused = true;
        } else {
            interrupted = true;
            thread.interrupt();
            try {
                onInterrupt.run();
            } catch (RuntimeException e) {
                LOG.warn("{} could not be told to stop, except by an interrupt", thread.getName(), e);
            }
        }
    }

    /** Interrupts the running call and refuses new ones. */
    public synchronized void shut() {
        shut = true;
        interrupt();
    }

    /** True once {@link #shut} was called. */
    synchronized boolean isShut() {
        return shut;
    }

    /** True while a call runs. */
    public synchronized boolean isInside() {
        return inside != null;
    }

    private synchronized void leave() {
        inside = null;
        if (interrupted) {
            // It was meant for the call that is over.
            Thread.interrupted();
        }
    }

    /** A call in progress. */
    public interface Call extends AutoCloseable {
        @Override
        void close();
    }
}
